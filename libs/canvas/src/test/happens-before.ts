import { type Node, unitsOf } from './read-canvas.js';

export type Pair = readonly [before: string, after: string];

/** Pairs of steps of which the first must be decided before the second may begin. */
export function happensBefore(node: Node): readonly Pair[] {
  switch (node.kind) {
    case 'unit':
    case 'wide':
    case 'never':
      return [];
    case 'sequence':
      return node.parts.flatMap((part, i) => [...happensBefore(part), ...node.parts.slice(i + 1).flatMap((later) => cross(part, later))]);
    case 'parallel':
      return node.members.flatMap(happensBefore);
    case 'guarded':
      return [...happensBefore(node.body), ...cross(node.body, node.handler), ...happensBefore(node.handler)];
  }
}

const cross = (before: Node, after: Node): readonly Pair[] => unitsOf(before).flatMap((a) => unitsOf(after).map((b): Pair => [a.id, b.id]));
