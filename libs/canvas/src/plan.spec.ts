import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './compiler.js';
import type { Plan } from './plan.js';
import { branch, chain, chord, chunks, group, map, onError, quorum, signature, starmap, withOptions } from './builders.js';
import { readCanvas, unitsOf } from './test/read-canvas.js';
import { randomCanvas } from './test/random-canvas.js';
import { heldIdsOf } from './test/simulation.js';

const [a, b, c, d] = [signature('a'), signature('b'), signature('c'), signature('d')] as const;

describe('compile', () => {
  it('gives every signature one step by its place in the canvas, and every step to exactly one latch', () => {
    fc.assert(
      fc.property(randomCanvas, (canvas) => {
        const plan = compile(canvas);
        const units = unitsOf(readCanvas(canvas, heldIdsOf(plan)));
        expect(tasksOf(plan)).toEqual(units.map(({ id, task }) => [id, task]));
        expect([...plan.steps.values()].map(({ shard }) => shard?.count)).toEqual(units.map(({ count }) => count));
        const waits = [...plan.latches.values()].flatMap((latch) => latch.waits);
        expect(waits.toSorted()).toEqual([...plan.steps.keys(), ...plan.joins.keys()].toSorted());
        const begun = [...plan.entry, ...[...plan.latches.values()].flatMap((latch) => latch.releases)];
        expect(begun.toSorted()).toEqual([...plan.steps.keys()].toSorted());
      }),
      { numRuns: 2_000 },
    );
  });

  it('numbers steps by their place in the canvas', () => {
    const plan = compile(chord(group([a, chain(b, c)]), d));
    expect(tasksOf(plan)).toEqual([
      ['0', 'a'],
      ['1', 'b'],
      ['2', 'c'],
      ['3', 'd'],
    ]);
  });

  it('puts a replacement’s steps under the step it replaces', () => {
    const plan = compile(group([a, b], { policy: quorum(1) }), { replaces: '3', input: null });
    expect([...plan.steps.keys()]).toEqual(['3.0', '3.1']);
    expect([...plan.joins.keys()]).toEqual(['3.g0']);
    expect(plan.replaces).toBe('3');
  });

  it('hands the results of a header to the body in order', () => {
    const plan = compile(chord(group([a, b], 'collect'), c));
    expect(plan.steps.get('2')?.input).toEqual({
      outcomes: [
        { value: { step: '0' }, by: '0' },
        { value: { step: '1' }, by: '1' },
      ],
    });
  });

  it('makes one step of a map, which does not get the previous result', () => {
    const plan = compile(chain(a, map(b, [1, 2]), starmap(c, [[1, 2]])));
    expect([...plan.steps.values()].map(({ input, items, spread }) => ({ input, items, spread }))).toEqual([
      { input: null, items: undefined, spread: undefined },
      { input: null, items: [1, 2], spread: undefined },
      { input: null, items: [[1, 2]], spread: true },
    ]);
  });

  it('makes chunks a group of maps, each begun later than the one before by the skew', () => {
    const plan = compile(chunks(withOptions(a, { countdownMs: 50, priority: 3 }), { from: 10, to: 17 }, 3, { skewMs: 100 }));
    expect([...plan.steps.values()].map(({ items, signature: { options } }) => [items, options])).toEqual([
      [{ from: 10, to: 13 }, { countdownMs: 50, priority: 3 }],
      [{ from: 13, to: 16 }, { countdownMs: 150, priority: 3 }],
      [{ from: 16, to: 17 }, { countdownMs: 250, priority: 3 }],
    ]);
  });

  it('gives a group with a quorum or a deadline a join of its own, even on its own', () => {
    expect(compile(group([a, b])).joins.size).toBe(0);
    expect([...compile(group([a, b], { policy: quorum(1) })).joins.keys()]).toEqual(['g0']);
    const plan = compile(group([a, b], { deadlineMs: 500 }));
    expect(plan.deadlines).toEqual(['g0']);
    expect(plan.latches.get(plan.joins.get('g0')?.settledBy ?? '')?.deadlineMs).toBe(500);
    expect([...plan.steps.values()].map(({ within }) => within)).toEqual(['g0', 'g0']);
  });

  it('counts members without steps towards a quorum, and places none of the others when they are enough', () => {
    const plan = compile(group([chain(), a, b, c], { policy: quorum(3) }));
    expect(plan.latches.get(plan.joins.get('g0')?.settledBy ?? '')?.policy).toEqual({ quorum: 2 });
    const met = compile(group([chain(), a], { policy: quorum(1) }));
    expect(met.steps.size).toBe(0);
    expect(met.output).toEqual({ outcomes: [{ value: null, by: null }, { never: 'revoked' }] });
  });

  it('keeps the cases of a branch with its step', () => {
    const plan = compile(branch(a, { yes: b, no: chain() }, c));
    expect(plan.steps.get('0')?.branch).toEqual({ cases: { yes: b, no: chain() }, otherwise: c });
    expect(plan.steps.size).toBe(1);
  });

  it('gives a handler the error, and leaves it out when there can be none', () => {
    const plan = compile(onError(chain(a, b), c));
    expect(plan.steps.get('2')?.input).toEqual({ errorOf: '1' });
    expect(compile(onError(chain(), c)).steps.size).toBe(0);
    expect(tasksOf(compile(onError(a, chain())))).toEqual([['0', 'a']]);
  });

  it('cuts a wide group into shards of at most 128 members', () => {
    const members = Array.from({ length: 300 }, (_, n) => (n % 2 === 0 ? signature('t', n) : map(signature('t'), [n])));
    const plan = compile(chain(a, group(members, 'collect'), b));
    const shards = ['1', '2', '3'].map((id) => plan.steps.get(id)?.shard);
    expect(shards.map((shard) => [shard?.count, shard?.policy])).toEqual([
      [128, 'collect'],
      [128, 'collect'],
      [44, 'collect'],
    ]);
    expect(shards[2]?.member(0)).toEqual({ signature: signature('t', 256), input: { step: '0' } });
    expect(shards[2]?.member(43)).toEqual({ signature: signature('t'), input: null, items: [299] });
    expect(plan.steps.get('3')?.signature).toEqual(signature('t', 256));
    expect(plan.steps.get('4')?.input).toEqual({ concat: [{ step: '1' }, { step: '2' }, { step: '3' }] });
  });

  it('begins a new shard where the task or the queue changes, as one worker need not have both', () => {
    const members = [...Array.from({ length: 70 }, () => a), ...Array.from({ length: 5 }, () => map(a, [1])), withOptions(a, { queue: 'slow' }), b, b];
    expect([...compile(group(members)).steps.values()].map(({ shard }) => shard?.count)).toEqual([75, 1, 2]);
  });

  it('makes the members of wide chunks as they are asked for', () => {
    const plan = compile(chunks(a, { from: 0, to: 16_384_000 }, 1_000, { skewMs: 2 }));
    expect(plan.steps.size).toBe(128);
    expect(plan.steps.get('127')?.shard?.member(127)).toEqual({
      signature: { ...a, options: { countdownMs: 32_766 } },
      input: null,
      items: { from: 16_383_000, to: 16_384_000 },
    });
  });

  it('makes ordinary steps of up to 64 members', () => {
    expect(compile(group(Array.from({ length: 64 }, () => a))).steps.size).toBe(64);
    expect(compile(group(Array.from({ length: 65 }, () => a))).steps.size).toBe(1);
  });
});

const tasksOf = (plan: Plan) => [...plan.steps].map(([id, step]) => [id, step.signature.task]);
