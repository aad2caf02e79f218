import {
  branch,
  type Canvas,
  type Chain,
  chain,
  chord,
  chunks,
  type Gives,
  group,
  immutable,
  map,
  type MemberOutcome,
  type Nothing,
  onError,
  quorum,
  type Several,
  type Signature,
  signature,
  starmap,
  type Takes,
  type ValueOf,
  withOptions,
} from '@millrace/canvas';
import type { StepError } from '@millrace/contracts';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { replace } from './outcome.js';
import { defineTask } from './task.js';

const one = defineTask({ name: 'n.one', args: z.tuple([]), handler: async () => 1 });
const double = defineTask({ name: 'n.double', args: z.tuple([z.number()]), handler: async (_ctx, n) => 2 * n });
const add = defineTask({ name: 'n.add', args: z.tuple([z.number(), z.number()]), handler: async (_ctx, a, b) => a + b });
const sum = defineTask({ name: 'n.sum', args: z.tuple([z.array(z.number())]), handler: async (_ctx, all) => all.reduce((a, b) => a + b, 0) });
const text = defineTask({ name: 'n.text', args: z.tuple([z.number()]), handler: async (_ctx, n) => String(n) });
const shout = defineTask({ name: 's.shout', args: z.tuple([z.string()]), handler: async (_ctx, s) => s.toUpperCase() });
const pad = defineTask({ name: 's.pad', args: z.tuple([z.string(), z.number().optional()]), handler: async (_ctx, s, n) => s.padEnd(n ?? 8) });
const twice = defineTask({ name: 's.twice', args: z.tuple([z.string(), z.string().optional()]), handler: async (_ctx, s, t) => s + (t ?? s) });
const any = defineTask({ name: 'x.any', args: z.array(z.unknown()), handler: async (_ctx, ...args) => args.length });
const size = defineTask({ name: 'n.size', args: z.tuple([z.number()]), handler: async (_ctx, n) => (n > 9 ? 'large' : 'small') });
const isEven = defineTask({ name: 'n.even', args: z.tuple([z.number()]), handler: async (_ctx, n) => n % 2 === 0 });
const point = defineTask({ name: 'p.point', args: z.tuple([z.number()]), handler: async (_ctx, x) => ({ x }) });
const alarm = defineTask({ name: 'x.alarm', args: z.tuple([z.object({ code: z.string(), message: z.string() })]), handler: async () => null });
const counted = defineTask({
  name: 'n.counted',
  args: z.tuple([z.array(z.object({ status: z.string(), value: z.number().optional() }))]),
  handler: async (_ctx, outcomes) => outcomes.length,
});
const anyOutcomes = defineTask({ name: 'x.outcomes', args: z.tuple([z.custom<readonly MemberOutcome[]>()]), handler: async (_ctx, all) => all.length });
const canvas: Canvas = signature('somewhere.else');

describe('a call of a task', () => {
  it('takes nothing with all its arguments, and the first one without it', () => {
    expectTypeOf(double.s(1)).toEqualTypeOf<Signature<Nothing, number>>();
    expectTypeOf(double.s()).toEqualTypeOf<Signature<number, number>>();
    expectTypeOf(one.s()).toEqualTypeOf<Signature<Nothing, number>>();
    expectTypeOf(add.s(1)).toEqualTypeOf<Signature<number, number>>();
    expectTypeOf(add.s()).toEqualTypeOf<Signature<Several<[number, number]>, number>>();
    expect(add.s(1)).toEqual({ kind: 'task', task: 'n.add', args: [1] });
  });

  it('is understood in both ways where optional arguments allow it', () => {
    expectTypeOf(pad.s('a')).toEqualTypeOf<Signature<Nothing, string>>();
    expectTypeOf(pad.s(4)).toEqualTypeOf<Signature<string, string>>();
    expectTypeOf(twice.s('a')).toEqualTypeOf<Signature<Nothing | string, string>>();
    expectTypeOf(any.s('a', 1)).toEqualTypeOf<Signature<unknown, number>>();
  });

  it('is refused with arguments that the task does not take', () => {
    expect([
      // @ts-expect-error: not a number
      double.s('1'),
      // @ts-expect-error: one too many
      double.s(1, 2),
      // @ts-expect-error: what is left must be the last argument
      pad.s(true),
      // @ts-expect-error: immutable, it needs all of them
      add.si(1),
      // @ts-expect-error: whoever calls a task knows its arguments
      map(double.s(), ['1']),
    ]).toHaveLength(5);
  });

  it('is immutable with all its arguments, and takes anything then', () => {
    expectTypeOf(add.si(1, 2)).toEqualTypeOf<Signature<unknown, number>>();
    expect(add.si(1, 2)).toEqual({ kind: 'task', task: 'n.add', args: [1, 2], immutable: true });
  });

  it('takes what its schema takes, which is not always what its handler gets', () => {
    const dated = defineTask({ name: 'd.dated', args: z.tuple([z.string().transform((iso) => new Date(iso))]), handler: async (_ctx, date) => date.getTime() });
    expectTypeOf(dated.s()).toEqualTypeOf<Signature<string, number>>();
    // @ts-expect-error: a Date is what the handler gets
    dated.s(new Date());
  });

  it('keeps its type with options, and the original stays as it was', () => {
    const call = double.s();
    expectTypeOf(withOptions(call, { queue: 'fast' })).toEqualTypeOf<Signature<number, number>>();
    expect(withOptions(withOptions(call, { queue: 'slow', priority: 1 }), { queue: 'fast' })).toEqual({ ...call, options: { queue: 'fast', priority: 1 } });
    expect(call).not.toHaveProperty('options');
  });
});

describe('a chain', () => {
  it('takes what its first part takes and gives what its last gives', () => {
    expectTypeOf(chain(double.s(1), add.s(2), text.s(), shout.s())).toEqualTypeOf<Chain<Nothing, string>>();
    expectTypeOf(chain(text.s(), shout.s())).toEqualTypeOf<Chain<number, string>>();
    expectTypeOf(chain(chain(double.s(1), text.s()), chain(shout.s(), pad.s(4)))).toEqualTypeOf<Chain<Nothing, string>>();
    expectTypeOf(chain(double.s(1), one.si(), text.si(3))).toEqualTypeOf<Chain<Nothing, string>>();
  });

  it('is refused when a part does not take the previous result', () => {
    expect([
      // @ts-expect-error: a number is no string
      chain(double.s(1), shout.s()),
      // @ts-expect-error: however far down
      chain(double.s(1), double.s(), double.s(), text.s(), double.s()),
      // @ts-expect-error: all arguments are given, so there is no place for the previous result
      chain(double.s(1), double.s(2)),
      // @ts-expect-error: nor in a task without arguments
      chain(double.s(1), one.s()),
      // @ts-expect-error: two arguments are missing
      chain(double.s(1), add.s()),
      // @ts-expect-error: the inner chain begins with a string
      chain(double.s(1), chain(shout.s(), pad.s(3))),
    ]).toHaveLength(6);
  });

  it('of any length is checked from end to end', () => {
    const d = double.s();
    const long = chain(double.s(1), d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, text.s());
    expectTypeOf(long).toEqualTypeOf<Chain<Nothing, string>>();
    // @ts-expect-error: the nineteenth
    chain(double.s(1), d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, d, shout.s(), d);
    const many = Array.from({ length: 50 }, () => double.s());
    expectTypeOf(chain(double.s(1), ...many, text.s())).toEqualTypeOf<Chain<Nothing, string>>();
    // @ts-expect-error: the last takes a string
    chain(double.s(1), ...many, shout.s());
    // @ts-expect-error: the first gives a string
    chain(text.s(1), ...many);
    // @ts-expect-error: each of them would have to take the string that the others give
    chain(...Array.from({ length: 2 }, () => text.s()));
    expect(long.parts).toHaveLength(20);
  });
});

describe('a group', () => {
  it('gives the array of what its members give, all of which take the same', () => {
    expectTypeOf(chain(double.s(1), group([double.s(), text.s(), one.si()]))).toEqualTypeOf<Chain<Nothing, [number, string, number]>>();
    expectTypeOf<Takes<ReturnType<typeof thousand>>>().toEqualTypeOf<Nothing>();
    expectTypeOf<Gives<ReturnType<typeof thousand>>>().toEqualTypeOf<number[]>();
    expect(thousand().members).toHaveLength(1_000);
  });
  const thousand = () => group(Array.from({ length: 1_000 }, (_, i) => double.s(i)));

  it('is refused after something that one of its members does not take', () => {
    expect([
      // @ts-expect-error: the second takes a string
      chain(double.s(1), group([double.s(), shout.s()])),
      // @ts-expect-error: the second takes nothing
      chain(double.s(1), group([double.s(), double.s(2)])),
    ]).toHaveLength(2);
  });

  it('gives an outcome of each member under collect and with a quorum', () => {
    expectTypeOf<Gives<ReturnType<typeof collecting>>>().toEqualTypeOf<[MemberOutcome<number>, MemberOutcome<string>]>();
    expectTypeOf<Gives<ReturnType<typeof atLeastTwo>>>().toEqualTypeOf<Array<MemberOutcome<number>>>();
    chain(collecting(), anyOutcomes.s());
    chain(atLeastTwo(), counted.s());
    // @ts-expect-error: an outcome is no number
    chain(atLeastTwo(), sum.s());
    // @ts-expect-error: neither of these is
    chord(group([double.s(1)], 'collect'), sum.s());
  });
  const collecting = () => group([double.s(1), text.s(2)], 'collect');
  const atLeastTwo = () => group([1, 2, 3].map((n) => double.s(n)), { policy: quorum(2), deadlineMs: 500 });
});

describe('a chord', () => {
  it('gives the header’s results to the body', () => {
    expectTypeOf(chord(group([double.s(1), add.s(1, 2)]), sum.s())).toExtend<Canvas<Nothing, number>>();
    expectTypeOf(chord(chunks(text.s(), [1, 2, 3], 2), any.s())).toExtend<Canvas<Nothing, number>>();
  });

  it('is refused with a body that does not take them', () => {
    expect([
      // @ts-expect-error: an array of strings
      chord(group([text.s(1), text.s(2)]), sum.s()),
      // @ts-expect-error: an array of arrays
      chord(chunks(double.s(), [1, 2, 3], 2), sum.s()),
      // @ts-expect-error: a body that has all its arguments
      chord(group([double.s(1)]), sum.s([1])),
    ]).toHaveLength(3);
  });
});

describe('map, starmap and chunks', () => {
  it('give the task each item, and stand anywhere', () => {
    expectTypeOf<Gives<ReturnType<typeof mapped>>>().toEqualTypeOf<string[]>();
    expectTypeOf<Gives<ReturnType<typeof chunked>>>().toEqualTypeOf<number[][]>();
    expectTypeOf<Gives<ReturnType<typeof collected>>>().toEqualTypeOf<Array<MemberOutcome<number[]>>>();
    chain(double.s(1), mapped(), any.s());
    chain(double.s(1), starmap(add.s(), [[1, 2], [3, 4]]), sum.s());
    chunks(add.s(), [[1, 2], [3, 4]], 1, { spread: true });
    map(double.s(), { from: 0, to: 1_000_000 });
  });
  const mapped = () => map(text.s(), [1, 2, 3]);
  const chunked = () => chunks(add.s(1), { from: 0, to: 100 }, 10);
  const collected = () => chunks(double.s(), [1, 2], 1, { policy: 'collect', skewMs: 20, deadlineMs: 900 });

  it('are refused with items that the task does not take', () => {
    expect([
      // @ts-expect-error: strings for a number
      map(double.s(), ['a']),
      // @ts-expect-error: a range of numbers for a string
      map(shout.s(), { from: 0, to: 3 }),
      // @ts-expect-error: the task has all it takes
      map(double.s(1), [1, 2]),
      // @ts-expect-error: a row too short
      starmap(add.s(), [[1]]),
      // @ts-expect-error: rows of strings
      starmap(add.s(), [['a', 'b']]),
      // @ts-expect-error: two arguments are missing, and items are not spread
      chunks(add.s(), [1, 2], 1),
    ]).toHaveLength(6);
  });
});

describe('a branch', () => {
  it('takes what its decision and all its cases take', () => {
    const either = branch(size.s(), { large: text.s(), small: double.s() });
    expectTypeOf<Takes<typeof either>>().toEqualTypeOf<number>();
    expectTypeOf<Gives<typeof either>>().toEqualTypeOf<string | number>();
    expectTypeOf<Gives<ReturnType<typeof withOther>>>().toEqualTypeOf<string | number>();
    chain(double.s(1), either);
  });
  const withOther = () => branch(any.s(), { 1: text.s() }, double.s());

  it('hands on what it was given when a case may be missing', () => {
    const handsOn = branch(isEven.s(), { true: text.s() });
    const exhaustive = branch(isEven.s(), { true: text.s(), false: text.s() });
    expectTypeOf<Gives<typeof handsOn>>().toEqualTypeOf<string | number>();
    expectTypeOf<Gives<typeof exhaustive>>().toEqualTypeOf<string>();
  });

  it('is refused when a case takes something else, or is never chosen', () => {
    expect([
      // @ts-expect-error: one of the cases takes a string
      chain(double.s(1), branch(size.s(), { large: shout.s(), small: text.s() })),
      // @ts-expect-error: the decision never answers so
      branch(size.s(), { huge: text.s() }),
      // @ts-expect-error: an object does not name a case
      branch(point.s(), { a: text.s() }),
      // @ts-expect-error: a case that has all its arguments has no place for what it is given
      chain(double.s(1), branch(size.s(), { large: text.s(5) })),
      // @ts-expect-error: `otherwise` is given the same
      chain(double.s(1), branch(size.s(), { large: text.s() }, shout.s())),
    ]).toHaveLength(5);
  });
});

describe('onError', () => {
  it('gives what its body gives, and the error to its handler', () => {
    const guarded = onError(chain(double.s(), text.s()), alarm.s());
    expectTypeOf<Takes<typeof guarded>>().toEqualTypeOf<number>();
    expectTypeOf<Gives<typeof guarded>>().toEqualTypeOf<string>();
    expectTypeOf<StepError>().toExtend<Takes<ReturnType<typeof alarm.s<[]>>>>();
  });

  it('is refused with a handler that does not take an error', () => {
    expect([
      // @ts-expect-error: a number
      onError(double.s(1), double.s()),
      // @ts-expect-error: a handler that has all its arguments
      onError(double.s(1), double.s(2)),
    ]).toHaveLength(2);
  });
});

describe('a replacement', () => {
  it('gives what its canvas gives, as the result of the task', () => {
    const fan = defineTask({ name: 'r.fan', args: z.tuple([z.number()]), handler: async (_ctx, n) => replace(group(Array.from({ length: n }, () => double.s(n)))) });
    const perhaps = defineTask({ name: 'r.perhaps', args: z.tuple([z.number()]), handler: async (_ctx, n) => (n > 1 ? replace(text.s(n)) : n) });
    expectTypeOf<Gives<ReturnType<typeof fan.si>>>().toEqualTypeOf<number[]>();
    expectTypeOf<Gives<ReturnType<typeof perhaps.si>>>().toEqualTypeOf<string | number>();
    chain(fan.s(3), sum.s());
    // @ts-expect-error: it may be a string
    chain(perhaps.s(1), double.s());
  });

  it('is refused when its canvas cannot begin', () => {
    expect([
      // @ts-expect-error: nothing gives it a number
      replace(double.s()),
    ]).toHaveLength(1);
    replace(double.si(1));
    replace(canvas);
  });
});

describe('what is known by name only', () => {
  it('fits anywhere', () => {
    const members: Canvas[] = [canvas, canvas];
    chain(double.s(1), signature('a'), shout.s(), immutable('b', 1), sum.s());
    chord(group([signature('a'), double.s(2)]), signature('b'));
    branch(signature('a'), { x: shout.s(), y: signature('b') });
    onError(signature('a'), signature('b'));
    map(signature('a', 1), ['x', 2]);
    starmap(signature('a'), [['x', 2]]);
    chain(canvas, shout.s(), canvas, sum.s());
    chain(...members);
    chord(group(members), sum.s());
    expectTypeOf<ValueOf<typeof canvas>>().toEqualTypeOf<unknown>();
    expectTypeOf<ValueOf<ReturnType<typeof double.si>>>().toEqualTypeOf<number>();
  });

  it('does not hide what is known on either side of it', () => {
    expect([
      // @ts-expect-error: the first two do not fit
      chain(double.s(1), shout.s(), signature('a')),
      // @ts-expect-error: one member of the group takes a string
      chain(double.s(1), group([signature('a'), canvas, shout.s()])),
    ]).toHaveLength(2);
    expectTypeOf(chain(double.s(1), signature('a'), text.s())).toExtend<Canvas<Nothing, string>>();
  });
});
