import type { Canvas, Chunks, FailurePolicy, Group } from '../signature.js';

/**
 * A canvas read as what is done one after another and what in parallel, with the ids that its steps have by their place.
 * Read off the canvas alone, never off a plan: this is what the oracle goes by. Only the names of joins are given to it.
 */
export type Node =
  | Unit
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'parallel'; readonly members: readonly Node[]; readonly policy: FailurePolicy; readonly held?: Held }
  /** A wide group: its shards. */
  | { readonly kind: 'wide'; readonly shards: readonly Unit[] }
  | { readonly kind: 'guarded'; readonly body: Node; readonly handler: Node }
  /** Revoked from the start, as the quorum was met without it. */
  | { readonly kind: 'never' };

export interface Unit {
  readonly kind: 'unit';
  readonly id: string;
  readonly task: string;
  /** Whether it is given the previous result. */
  readonly takesInput: boolean;
  readonly branch?: Extract<Canvas, { kind: 'branch' }>;
  /** Of a shard: how many members. */
  readonly count?: number;
}

export interface Held {
  readonly id: string;
  readonly deadlineMs: number | undefined;
}

/** `heldIds`: the ids of the canvas's joins with a quorum or a deadline, outer before inner, first before second. */
export function readCanvas(canvas: Canvas, heldIds: readonly string[], prefix = ''): Node {
  const held = [...heldIds];
  let count = 0;
  const unit = (task: string, more: Partial<Unit> = {}): Unit => ({ kind: 'unit', id: `${prefix}${count++}`, task, takesInput: true, ...more });
  const read = (c: Canvas): Node => {
    switch (c.kind) {
      case 'task':
        return unit(c.task);
      case 'each':
        return unit(c.task.task, { takesInput: false });
      case 'branch':
        return unit(c.by.task, { branch: c });
      case 'chain':
        return { kind: 'sequence', parts: c.parts.map(read) };
      case 'chord':
        return { kind: 'sequence', parts: [read(c.header), read(c.body)] };
      case 'on-error':
        return isEmpty(c.body) ? read(c.body) : { kind: 'guarded', body: read(c.body), handler: read(c.handler) };
      case 'group':
      case 'chunks':
        return readGroup(c);
    }
  };
  const readGroup = (group: Group | Chunks): Node => {
    const { policy, deadlineMs } = group;
    const members = membersOf(group);
    if (members.length > 64) return readWide(members);
    if (isEmpty(group)) return { kind: 'parallel', members: members.map((c) => (isEmpty(c) ? read(c) : { kind: 'never' })), policy };
    const id = policy === 'all' || policy === 'collect' ? (deadlineMs === undefined ? undefined : held.shift()) : held.shift();
    return { kind: 'parallel', ...(id === undefined ? {} : { held: { id, deadlineMs } }), policy, members: members.map(read) };
  };
  const readWide = (members: readonly Canvas[]): Node => {
    const shards: Unit[] = [];
    for (let from = 0, to = 0; from < members.length; from = to) {
      const task = taskOf(members[from]);
      while (to < members.length && to - from < 128 && taskOf(members[to]) === task) to++;
      shards.push(unit(task, { count: to - from }));
    }
    return { kind: 'wide', shards };
  };
  return read(canvas);
}

function taskOf(member: Canvas | undefined): string {
  if (member?.kind === 'task') return member.task;
  if (member?.kind === 'each') return member.task.task;
  throw new TypeError('not a single step');
}

function membersOf(group: Group | Chunks): readonly Canvas[] {
  if (group.kind === 'group') return group.members;
  const { task, items, size } = group;
  const all = 'from' in items ? Array.from({ length: items.to - items.from }, (_, n) => items.from + n) : items;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => ({ kind: 'each', task, items: all.slice(n * size, (n + 1) * size) }));
}

/** Whether nothing of a canvas ever runs. */
export function isEmpty(c: Canvas): boolean {
  switch (c.kind) {
    case 'task':
    case 'each':
    case 'branch':
      return false;
    case 'chain':
      return c.parts.every(isEmpty);
    case 'chord':
      return isEmpty(c.header) && isEmpty(c.body);
    case 'on-error':
      return isEmpty(c.body);
    case 'chunks':
      return membersOf(c).length === 0;
    case 'group': {
      const empty = c.members.filter(isEmpty).length;
      return empty === c.members.length || (typeof c.policy === 'object' && empty >= c.policy.quorum);
    }
  }
}

/** The steps of a canvas, in its order. */
export function unitsOf(node: Node): readonly Unit[] {
  switch (node.kind) {
    case 'unit':
      return [node];
    case 'sequence':
      return node.parts.flatMap(unitsOf);
    case 'parallel':
      return node.members.flatMap(unitsOf);
    case 'wide':
      return node.shards;
    case 'guarded':
      return [...unitsOf(node.body), ...unitsOf(node.handler)];
    case 'never':
      return [];
  }
}
