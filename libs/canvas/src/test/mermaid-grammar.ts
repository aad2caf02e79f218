export interface DrawnNode {
  readonly id: string;
  /** Without escapes. */
  readonly lines: readonly string[];
  readonly shape: string;
  readonly style: string | undefined;
  /** The box it is in. */
  readonly box: string | undefined;
}

export interface DrawnBox {
  readonly id: string;
  readonly label: string;
  readonly box: string | undefined;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string | undefined;
  readonly isDashed: boolean;
}

export interface DrawnChart {
  readonly nodes: readonly DrawnNode[];
  readonly boxes: readonly DrawnBox[];
  readonly edges: readonly DrawnEdge[];
}

const id = '[a-z][A-Za-z0-9_]*';
/** Nothing that Mermaid takes for syntax, Markdown or HTML stands in a label but as an escape. */
const text = '(?:[\\p{L}\\p{N} _.,/()[\\]=+!?…→×·-]|#\\d+;)+';
const label = `${text}(?:<br/>${text})*`;
const shapes: ReadonlyMap<string, string> = new Map([['["', '"]'], ['[["', '"]]'], ['{"', '"}'], ['(("', '"))'], ['(["', '"])']]);

const grammar = {
  node: new RegExp(`^(?<id>${id})(?<open>[[({]+")(?<label>${label})(?<close>"[\\])}]+)(?::::(?<style>[a-z]+))?$`, 'u'),
  edge: new RegExp(`^(?<from>${id}) (?<arrow>-->|-\\.->)(?:\\|"(?<label>${text})"\\|)? (?<to>${id})$`, 'u'),
  box: new RegExp(`^subgraph (?<id>${id})\\["(?<label>${text})"\\]$`, 'u'),
  style: /^classDef (?<style>[a-z]+) (?:[a-z-]+:[#a-z0-9 ]+)(?:,[a-z-]+:[#a-z0-9 ]+)*$/,
};

/** Reads a Mermaid flowchart of the few forms that are written here, and throws on any line of another form. */
export function readChart(chart: string): DrawnChart {
  const lines = chart.split('\n');
  if (lines[0] !== 'flowchart LR' || lines.at(-1) !== '') throw new SyntaxError('not a flowchart, or cut off');
  const reader = new Reader();
  for (const line of lines.slice(1, -1)) reader.read(line);
  return reader.end();
}

class Reader {
  readonly #nodes: DrawnNode[] = [];
  readonly #boxes: DrawnBox[] = [];
  readonly #edges: DrawnEdge[] = [];
  readonly #styles = new Set<string>();
  readonly #open: string[] = [];

  read(indented: string): void {
    const line = indented.trimStart();
    if (line === 'end' && this.#open.pop() === undefined) fail('end of nothing');
    const indent = this.#open.length + 1;
    const [kind, found] = Object.entries(grammar).flatMap(([kind, form]) => (form.exec(line)?.groups ? [[kind, form.exec(line)?.groups ?? {}] as const] : []))[0] ?? ['end', {}];
    if (kind === 'end' && line !== 'end') fail(`no line of a flowchart: ${line}`);
    if (indented.length - line.length !== 2 * indent) fail(`indented wrongly: ${indented}`);
    if (kind === 'node') this.#readNode(found);
    if (kind === 'edge') this.#edges.push({ from: found['from'] ?? '', to: found['to'] ?? '', label: found['label'] && plain(found['label']), isDashed: found['arrow'] === '-.->' });
    if (kind === 'style') this.#styles.add(found['style'] ?? '');
    if (kind === 'box') {
      this.#boxes.push({ id: found['id'] ?? '', label: plain(found['label'] ?? ''), box: this.#open.at(-1) });
      this.#open.push(found['id'] ?? '');
    }
  }

  #readNode({ id = '', open = '', label = '', close, style }: Readonly<Record<string, string>>): void {
    if (shapes.get(open) !== close) fail(`no shape: ${open}${close}`);
    this.#nodes.push({ id, lines: label.split('<br/>').map(plain), shape: open, style, box: this.#open.at(-1) });
  }

  end(): DrawnChart {
    const ids = [...this.#nodes, ...this.#boxes].map(({ id }) => id);
    if (new Set(ids).size < ids.length) fail('an id drawn twice');
    if (this.#open.length > 0) fail('a box without end');
    for (const { id } of this.#boxes) if (![...this.#nodes, ...this.#boxes].some(({ box }) => box === id)) fail(`an empty box: ${id}`);
    for (const { from, to } of this.#edges) {
      if (!ids.includes(from) || !ids.includes(to)) fail(`an arrow from or to nothing: ${from} to ${to}`);
      if (this.#isAround(from, to) || this.#isAround(to, from)) fail(`an arrow between a box and its contents: ${from} to ${to}`);
    }
    for (const { style } of this.#nodes) if (style !== undefined && !this.#styles.has(style)) fail(`a style that is not described: ${style}`);
    return { nodes: this.#nodes, boxes: this.#boxes, edges: this.#edges };
  }

  #isAround(box: string, inner: string): boolean {
    const around = [...this.#nodes, ...this.#boxes].find(({ id }) => id === inner)?.box;
    return around !== undefined && (around === box || this.#isAround(box, around));
  }
}

function fail(why: string): never {
  throw new SyntaxError(why);
}

const plain = (escaped: string): string => escaped.replace(/#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)));

/** For each node, the nodes that arrows lead to from it; an arrow to or from a box is one to or from everything in it. */
export function reachable({ nodes, boxes, edges }: DrawnChart): ReadonlyMap<string, ReadonlySet<string>> {
  const steps = new Map<string, string[]>();
  const add = (from: string, to: string) => void steps.set(from, [...(steps.get(from) ?? []), to]);
  for (const { id } of nodes) add(`into ${id}`, `out of ${id}`);
  for (const { id, box } of [...nodes, ...boxes]) {
    if (box === undefined) continue;
    add(`into ${box}`, `into ${id}`);
    add(`out of ${id}`, `out of ${box}`);
  }
  for (const { from, to } of edges) add(`out of ${from}`, `into ${to}`);
  return new Map(
    nodes.map(({ id }) => {
      const seen = new Set([`out of ${id}`]);
      for (const place of seen) for (const next of steps.get(place) ?? []) seen.add(next);
      return [id, new Set(nodes.flatMap((node) => (seen.has(`into ${node.id}`) ? [node.id] : [])))];
    }),
  );
}
