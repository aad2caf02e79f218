/** The shapes of nodes, as what stands around their labels. */
const shapes = {
  task: ['["', '"]'],
  several: ['[["', '"]]'],
  decision: ['{"', '"}'],
  join: ['(("', '"))'],
  none: ['(["', '"])'],
} as const;

export type Shape = keyof typeof shapes;

export interface EdgeStyle {
  readonly label?: string;
  readonly isDashed?: boolean;
}

/** Writes a Mermaid flowchart line by line. Labels may hold anything: what could be taken for syntax is escaped. */
export class Flowchart {
  readonly #lines: string[] = ['flowchart LR'];
  #depth = 1;

  /** Each line of the label becomes a line of the drawing. */
  node(id: string, label: readonly string[], { shape = 'task', style }: { readonly shape?: Shape; readonly style?: string } = {}): void {
    const [open, close] = shapes[shape];
    this.#write(`${id}${open}${label.map(escaped).join('<br/>')}${close}${style === undefined ? '' : `:::${style}`}`);
  }

  edge(from: string, to: string, { label, isDashed = false }: EdgeStyle = {}): void {
    const arrow = isDashed ? '-.->' : '-->';
    this.#write(label === undefined ? `${from} ${arrow} ${to}` : `${from} ${arrow}|"${escaped(label)}"| ${to}`);
  }

  /** A box around everything that is drawn meanwhile. */
  box<T>(id: string, label: string, draw: () => T): T {
    this.#write(`subgraph ${id}["${escaped(label)}"]`);
    this.#depth++;
    const drawn = draw();
    this.#depth--;
    this.#write('end');
    return drawn;
  }

  /** How nodes of a style look, as CSS. */
  style(name: string, css: string): void {
    this.#write(`classDef ${name} ${css}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #write(line: string): void {
    this.#lines.push('  '.repeat(this.#depth) + line);
  }
}

/** Mermaid's own escapes, `#<code point>;`, for all but letters, digits and what has no meaning in a label. */
const escaped = (text: string): string => text.replace(/[^\p{L}\p{N} _.,/()[\]=+!?…→×·-]/gu, (character) => `#${character.codePointAt(0)};`);
