import type { RunStore, Transition } from '@millrace/run-store';
import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { membersOperation, operation, step, time } from './arbitraries.js';
import { type Operation, perform, RunModel } from './run-model.js';
import { type MembersOperation, performMembers } from './shard-model.js';
import { headOf, newId, type Stage } from './stage.js';

/** The runs that were created, by id. */
type Runs = Map<string, RunModel>;

/** The store under test, and the ids that commands name by index. */
interface Real {
  readonly store: RunStore;
  readonly ids: readonly string[];
}

type Command = fc.AsyncCommand<Runs, Real>;

/** What a call is to resolve with, by the model. */
const told = (run: RunModel | undefined, applied: boolean): Transition | undefined => run && { applied, run: run.record };

const create = (index: number, sweepAt: number): Command => ({
  check: () => true,
  run: async (runs, { store, ids }) => {
    const head = headOf(ids[index]!);
    const there = runs.get(head.id);
    const run = there ?? RunModel.received(head, sweepAt);
    runs.set(head.id, run);
    expect(await store.create(head, sweepAt)).toStrictEqual(told(run, there === undefined));
  },
  toString: () => `create(${index}, ${sweepAt})`,
});

const transition = (index: number, operation: Operation): Command => ({
  check: () => true,
  run: async (runs, { store, ids }) => {
    const id = ids[index]!;
    const before = runs.get(id);
    const after = before?.after(operation);
    if (after) runs.set(id, after);
    expect(await perform(store, id, operation)).toStrictEqual(told(after ?? before, after !== undefined));
  },
  toString: () => `perform(${index}, ${JSON.stringify(operation)})`,
});

const members = (index: number, operation: MembersOperation): Command => ({
  check: () => true,
  run: async (runs, { store, ids }) => {
    const id = ids[index]!;
    const after = runs.get(id)?.withMembers(operation);
    if (after) runs.set(id, after.run);
    expect(await performMembers(store, id, operation)).toStrictEqual(after?.told);
  },
  toString: () => `performMembers(${index}, ${fc.stringify(operation)})`,
});

const readMembers = (index: number, step: string): Command => ({
  check: () => true,
  run: async (runs, { store, ids }) => {
    const id = ids[index]!;
    expect(await store.readMembers(id, step)).toStrictEqual(runs.get(id)?.shard(step).members ?? new Map());
    expect(await store.read(id)).toStrictEqual(runs.get(id)?.record);
  },
  toString: () => `readMembers(${index}, ${step})`,
});

const touch = (index: number, sweepAt: number): Command => ({
  check: () => true,
  run: async (runs, { store, ids }) => {
    const id = ids[index]!;
    const before = runs.get(id);
    if (before) runs.set(id, before.touched(sweepAt));
    expect(await store.touch(id, sweepAt)).toBe(before?.record.status);
    expect(await store.read(id)).toStrictEqual(runs.get(id)?.record);
  },
  toString: () => `touch(${index}, ${sweepAt})`,
});

const due = (now: number): Command => ({
  check: () => true,
  run: async (runs, { store }) => {
    const sweepAtOf = (id: string): number => runs.get(id)?.record.sweepAt ?? Infinity;
    const expected = [...runs.keys()].filter((id) => sweepAtOf(id) <= now);
    await vi.waitFor(async () => {
      const found = (await store.due(now, 1_000)).filter((id) => runs.has(id));
      expect(new Set(found)).toEqual(new Set(expected));
      expect(found.map(sweepAtOf)).toEqual(expected.map(sweepAtOf).sort((a, b) => a - b));
    });
  },
  toString: () => `due(${now})`,
});

/** Mostly one run, so that it gets somewhere; the third is never created. */
const index = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) });

const commands = fc.commands(
  [
    fc.tuple(fc.nat(1), time).map(([index, sweepAt]) => create(index, sweepAt)),
    ...Array.from({ length: 6 }, () => fc.tuple(index, operation).map(([index, operation]) => transition(index, operation))),
    ...Array.from({ length: 3 }, () => fc.tuple(index, membersOperation).map(([index, operation]) => members(index, operation))),
    fc.tuple(index, step).map(([index, step]) => readMembers(index, step)),
    fc.tuple(index, time).map(([index, sweepAt]) => touch(index, sweepAt)),
    time.map(due),
  ],
  { maxCommands: 40, size: 'max' },
);

export function exerciseAgainstModel(stage: Stage): void {
  describe('any sequence of calls', () => {
    test('does what the model does', { timeout: 300_000 }, async () => {
      const holds = fc.asyncProperty(commands, async (sequence) => {
        const ids = [newId(), newId(), newId()];
        const { store } = stage;
        await create(0, 0).run(new Map(), { store, ids });
        const runs: Runs = new Map([[ids[0]!, RunModel.received(headOf(ids[0]!), 0)]]);
        await fc.asyncModelRun(() => ({ model: runs, real: { store, ids } }), sequence);
        await stage.putOff(ids);
      });
      await expect(fc.assert(holds, { numRuns: 100 })).resolves.toBeUndefined();
    });
  });
}
