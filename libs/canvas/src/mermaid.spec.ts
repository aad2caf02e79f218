import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branch, chain, chord, chunks, group, map, onError, quorum, signature, starmap } from './builders.js';
import { mermaidOf } from './mermaid.js';
import type { Canvas } from './signature.js';
import { decoratedCanvas } from './test/decorated-canvas.js';
import { readChart, reachable } from './test/mermaid-grammar.js';

const a = signature('a');
const b = signature('b');
const c = signature('c');
const d = signature('d');
const drawing = (...lines: string[]) => ['flowchart LR', ...lines.map((line) => `  ${line}`), ''].join('\n');

describe('mermaidOf', () => {
  it('draws a chain as nodes with arrows between them', () => {
    expect(mermaidOf(chain(signature('orders.dataset', 1), chain(), a))).toBe(drawing('n0["orders.dataset(1)"]', 'n1["a"]', 'n0 --> n1'));
  });

  it('draws a group as a box with its policy, and a chord’s body after it', () => {
    expect(mermaidOf(chord(group([a, chain(b, c)], { policy: quorum(1), deadlineMs: 300 }), d))).toBe(
      drawing('subgraph n0["group[quorum 1, 300 ms]"]', '  n1["a"]', '  n2["b"]', '  n3["c"]', '  n2 --> n3', 'end', 'n4["d"]', 'n0 --> n4'),
    );
  });

  it('draws a branch as a diamond with the names of its cases on the arrows', () => {
    expect(mermaidOf(chain(branch(a, { big: b, 'very small': chain() }), c))).toBe(
      drawing('n0{"a"}', 'n1["b"]', 'n0 -->|"big"| n1', 'n2["c"]', 'n1 --> n2', 'n0 -->|"very small"| n2', 'n0 -->|"otherwise"| n2'),
    );
    expect(mermaidOf(branch(a, { big: b }, c))).toBe(drawing('n0{"a"}', 'n1["b"]', 'n0 -->|"big"| n1', 'n2["c"]', 'n0 -->|"otherwise"| n2'));
  });

  it('hangs what is for an error on a dashed arrow', () => {
    expect(mermaidOf(chain(onError(chain(a, b), c), d))).toBe(
      drawing('subgraph n0["on error"]', '  n1["a"]', '  n2["b"]', '  n1 --> n2', 'end', 'n3["c"]', 'n0 -.->|"error"| n3', 'n4["d"]', 'n0 --> n4'),
    );
  });

  it('draws maps, chunks and wide groups as one node that says how many', () => {
    expect(mermaidOf(map(a, [1, 2]))).toBe(drawing('n0[["map(a, 2 items)"]]'));
    expect(mermaidOf(starmap(a, [[1]]))).toBe(drawing('n0[["starmap(a, 1 item)"]]'));
    expect(mermaidOf(chunks(a, { from: 0, to: 2_001 }, 2))).toBe(drawing('n0[["chunks(a, 0 to 2000 by 2)<br/>1,001 members"]]'));
    const members = Array.from({ length: 100 }, (_, n) => (n < 90 ? signature('a', n) : map(b, [n])));
    expect(mermaidOf(group(members, 'collect'))).toBe(drawing('n0[["group[collect] · 100 members<br/>a ×90<br/>b ×10"]]'));
    expect(mermaidOf(group(Array.from({ length: 65 }, (_, n) => signature(`t${n % 13}`))))).toContain('t4 ×5<br/>… 8 more tasks"]]');
  });

  it('draws a node where a box would have nothing in it', () => {
    expect(mermaidOf(group([chain()]))).toBe(drawing('n0(["group · empty"])'));
    expect(mermaidOf(onError(chain(), a))).toBe(drawing('n0(["on error · empty"])', 'n1["a"]', 'n0 -.->|"error"| n1'));
    expect(mermaidOf(chain())).toBe('flowchart LR\n');
  });

  it('escapes what Mermaid would take for syntax', () => {
    expect(mermaidOf(signature('a"]; end\n%%{x}', '<b>`#1`</b>'))).toBe(
      drawing('n0["#34;a#92;#34;]#59; end#92;n#37;#37;#123;x#125;#34;(#34;#60;b#62;#96;#35;1#96;#60;/b#62;#34;)"]'),
    );
  });

  it('draws every task once, in the order of the canvas and no other', () => {
    fc.assert(
      fc.property(decoratedCanvas, (canvas) => {
        const chart = readChart(mermaidOf(canvas));
        const drawn = new Map(chart.nodes.flatMap(({ id, lines }) => tasksIn(lines).slice(0, 1).map((task) => [task, id] as const)));
        expect(chart.nodes.flatMap(({ lines }) => tasksIn(lines).slice(0, 1))).toEqual(unitsOf(canvas));
        const leads = reachable(chart);
        const before = new Set(orderOf(canvas).map(([first, second]) => `${first} ${second}`));
        for (const [first, from] of drawn) {
          for (const [second, to] of drawn) expect(leads.get(from)?.has(to), `${first} to ${second}`).toBe(before.has(`${first} ${second}`));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('puts the name of each case, and nothing else, on the arrows of a branch', () => {
    fc.assert(
      fc.property(decoratedCanvas, (inner) => {
        const canvas = chain(branch(signature('decide'), { one: inner, 'two "2"': chain() }), signature('after'));
        const { nodes, edges } = readChart(mermaidOf(canvas));
        const decide = nodes.find(({ lines }) => lines[0] === 'decide');
        const labels = edges.flatMap(({ from, label }) => (from === decide?.id ? [label] : []));
        expect(labels).toEqual(unitsOf(inner).length === 0 && labels[0] !== 'one' ? ['two "2"', 'otherwise'] : ['one', 'two "2"', 'otherwise']);
      }),
      { numRuns: 200 },
    );
  });
});

const tasksIn = (lines: readonly string[]): string[] => lines.flatMap((line) => line.match(/(?<![\w"])t\d+(?![\w"])/)?.[0] ?? []);

const isWide = (group: Canvas): boolean => group.kind === 'group' && group.members.length > 64;

/** The tasks of a canvas, in its order; of a group that is drawn as one node, the first. */
function unitsOf(canvas: Canvas): readonly string[] {
  switch (canvas.kind) {
    case 'task':
      return [canvas.task];
    case 'each':
    case 'chunks':
      return [canvas.task.task];
    case 'chain':
      return canvas.parts.flatMap(unitsOf);
    case 'group':
      return isWide(canvas) ? canvas.members.flatMap(unitsOf).slice(0, 1) : canvas.members.flatMap(unitsOf);
    case 'chord':
      return [canvas.header, canvas.body].flatMap(unitsOf);
    case 'branch':
      return [canvas.by.task, ...Object.values(canvas.cases).flatMap(unitsOf), ...(canvas.otherwise ? unitsOf(canvas.otherwise) : [])];
    case 'on-error':
      return [canvas.body, canvas.handler].flatMap(unitsOf);
  }
}

/** The tasks that what follows a canvas comes after: all but the handlers of errors after which nothing follows. */
function decisiveOf(canvas: Canvas): readonly string[] {
  switch (canvas.kind) {
    case 'chain':
      return canvas.parts.flatMap(decisiveOf);
    case 'chord':
      return [canvas.header, canvas.body].flatMap(decisiveOf);
    case 'branch':
      return [canvas.by.task, ...Object.values(canvas.cases).flatMap(decisiveOf), ...(canvas.otherwise ? decisiveOf(canvas.otherwise) : [])];
    case 'on-error':
      return unitsOf(canvas.body);
    default:
      return unitsOf(canvas);
  }
}

/** Pairs of tasks of which one comes before the other, read off the canvas. */
function orderOf(canvas: Canvas): ReadonlyArray<readonly [string, string]> {
  const cross = (firsts: readonly string[], seconds: readonly string[]) => firsts.flatMap((first) => seconds.map((second) => [first, second] as const));
  const inOrder = (parts: readonly Canvas[]) =>
    parts.flatMap((part, n) => [...orderOf(part), ...parts.slice(n + 1).flatMap((later) => cross(decisiveOf(part), unitsOf(later)))]);
  switch (canvas.kind) {
    case 'chain':
      return inOrder(canvas.parts);
    case 'chord':
      return inOrder([canvas.header, canvas.body]);
    case 'group':
      return isWide(canvas) ? [] : canvas.members.flatMap(orderOf);
    case 'branch': {
      const cases = [...Object.values(canvas.cases), ...(canvas.otherwise ? [canvas.otherwise] : [])];
      return cases.flatMap((inner) => [...orderOf(inner), ...cross([canvas.by.task], unitsOf(inner))]);
    }
    case 'on-error':
      return [...orderOf(canvas.body), ...orderOf(canvas.handler), ...cross(unitsOf(canvas.body), unitsOf(canvas.handler))];
    default:
      return [];
  }
}
