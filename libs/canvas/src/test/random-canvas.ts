import fc from 'fast-check';
import type { Canvas, Chunks, Each, FailurePolicy, Group, Items, Signature } from '../signature.js';

const task: Signature = { kind: 'task', task: 't', args: [] };

function canvasOf(depth: number, root: 'canvas' | 'several'): fc.Arbitrary<Canvas> {
  return fc.letrec<{ canvas: Canvas; members: Canvas[]; group: Group; several: Canvas }>((tie) => ({
    several: fc.oneof(
      { arbitrary: tie('canvas'), weight: 1 },
      { arbitrary: fc.array(tie('canvas'), { minLength: 2, maxLength: 3 }).map((parts): Canvas => ({ kind: 'chain', parts })), weight: 2 },
      { arbitrary: fc.tuple(fc.array(tie('canvas'), { minLength: 2, maxLength: 3 }), joining).map(groupOf), weight: 2 },
    ),
    members: fc.array(tie('canvas'), { maxLength: 4 }),
    group: fc.tuple(tie('members'), joining).map(groupOf),
    canvas: fc.oneof(
      { maxDepth: depth, depthSize: 'medium', withCrossShrink: true },
      { arbitrary: fc.constant(task), weight: 6 },
      { arbitrary: each, weight: 1 },
      { arbitrary: chunks, weight: 1 },
      { arbitrary: wide, weight: 1 },
      { arbitrary: tie('members').map((parts): Canvas => ({ kind: 'chain', parts })), weight: 4 },
      { arbitrary: tie('group'), weight: 5 },
      { arbitrary: fc.tuple(fc.oneof(tie('group'), chunks), tie('canvas')).map(([header, body]): Canvas => ({ kind: 'chord', header, body })), weight: 2 },
      { arbitrary: fc.tuple(tie('canvas'), tie('canvas')).map(([body, handler]): Canvas => ({ kind: 'on-error', body, handler })), weight: 2 },
      {
        arbitrary: fc.tuple(tie('members'), fc.option(tie('canvas'), { nil: undefined })).map(([cases, otherwise]) => branch(cases, otherwise)),
        weight: 2,
      },
    ),
  }))[root];
}

const groupOf = ([members, how]: [Canvas[], Joining]): Group => ({ kind: 'group', members, ...join(members.length, how) });

const branch = (cases: readonly Canvas[], otherwise: Canvas | undefined): Canvas => ({
  kind: 'branch',
  by: task,
  cases: Object.fromEntries(cases.slice(0, 2).map((chosen, index) => [`case${index}`, chosen])),
  ...(otherwise ? { otherwise } : {}),
});

interface Joining {
  readonly policy: 'all' | 'collect' | 'quorum';
  readonly share: number;
  readonly deadlineMs: number | undefined;
}

const joining: fc.Arbitrary<Joining> = fc.record({
  policy: fc.constantFrom('all', 'collect', 'quorum'),
  share: fc.nat({ max: 99 }),
  deadlineMs: fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined, freq: 3 }),
});

function join(members: number, { policy, share, deadlineMs }: Joining): { policy: FailurePolicy; deadlineMs?: number } {
  const failurePolicy = policy !== 'quorum' ? policy : members === 0 ? 'all' : { quorum: 1 + (share % members) };
  return { policy: failurePolicy, ...(deadlineMs === undefined ? {} : { deadlineMs }) };
}

/** The items are their own places: 0, 1, … */
const items = (count: number, range: boolean): Items => (range ? { from: 0, to: count } : Array.from({ length: count }, (_, item) => item));

const each: fc.Arbitrary<Each> = fc.tuple(fc.nat({ max: 3 }), fc.boolean()).map(([count, range]) => ({ kind: 'each', task, items: items(count, range) }));

const chunks: fc.Arbitrary<Chunks> = fc.tuple(fc.nat({ max: 8 }), fc.integer({ min: 1, max: 3 }), fc.boolean(), joining).map(([count, size, range, how]) => ({
  kind: 'chunks',
  task,
  items: items(count, range),
  size,
  ...join(Math.ceil(count / size), how),
}));

/** More than 64 members, so that they are sharded. */
const wide: fc.Arbitrary<Group | Chunks> = fc
  .tuple(fc.oneof({ arbitrary: fc.integer({ min: 65, max: 70 }), weight: 4 }, { arbitrary: fc.integer({ min: 127, max: 300 }), weight: 1 }), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.constantFrom('all' as const, 'collect' as const))
  .map(([width, size, chunked, policy]) => {
    if (chunked) return { kind: 'chunks', task, items: { from: 0, to: width * size }, size, policy };
    return { kind: 'group', members: Array.from({ length: width }, (_, n) => (n % 3 === 2 ? { kind: 'each', task, items: [n] } : task)), policy };
  });

function named(canvas: Canvas): Canvas {
  let count = 0;
  const name = (call: Signature): Signature => ({ ...call, task: `t${count++}` });
  const visitMembers = <C extends Group | Chunks>(group: C): C => {
    if (group.kind === 'chunks') return { ...group, task: name(group.task) };
    return { ...group, members: group.members.length > 64 ? nameRuns(group.members) : group.members.map(visit) };
  };
  /** Members of a wide group have names in common: the first, and the others. */
  const nameRuns = (members: readonly Canvas[]): readonly Canvas[] => {
    const names = [name(task), name(task)] as const;
    const nameOf = (n: number): Signature => names[n < 140 ? 0 : 1];
    return members.map((member, n) => (member.kind === 'each' ? { ...member, task: nameOf(n) } : nameOf(n)));
  };
  const visit = (c: Canvas): Canvas => {
    switch (c.kind) {
      case 'task':
        return name(c);
      case 'each':
        return { ...c, task: name(c.task) };
      case 'chunks':
      case 'group':
        return visitMembers(c);
      case 'chain':
        return { ...c, parts: c.parts.map(visit) };
      case 'chord':
        return { ...c, header: visitMembers(c.header), body: visit(c.body) };
      case 'on-error':
        return { ...c, body: visit(c.body), handler: visit(c.handler) };
      case 'branch': {
        const by = name(c.by);
        const cases = Object.fromEntries(Object.entries(c.cases).map(([key, chosen]) => [key, visit(chosen)]));
        return { ...c, by, cases, ...(c.otherwise ? { otherwise: visit(c.otherwise) } : {}) };
      }
    }
  };
  return visit(canvas);
}

/** Any nesting of small canvases of all kinds; every signature carries a name of its own, `t0`, `t1`, … in the canvas's order. */
export const randomCanvas: fc.Arbitrary<Canvas> = canvasOf(3, 'several').map(named);

/** As `randomCanvas`, but small: to take the place of a task. */
export const smallCanvas: fc.Arbitrary<Canvas> = canvasOf(2, 'canvas').map(named);
