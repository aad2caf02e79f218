import { isDeepStrictEqual } from 'node:util';
import type { RunRecord, Transition } from '@millrace/run-store';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelTime, operation } from './arbitraries.js';
import { type Operation, perform, RunModel } from './run-model.js';
import { digest, frozen, headOf, newId, type Stage } from './stage.js';
import { statusOrder } from './status-order.js';

interface Outcome {
  readonly operation: Operation;
  readonly transition: Transition;
}

const opening: readonly Operation[] = [
  { kind: 'claim', at: { step: '0', sweepAt: modelTime } },
  { kind: 'freeze', final: frozen, sweepAt: modelTime },
  { kind: 'beginDelivery', begin: { now: modelTime, bodySha256: digest, leaseUntil: modelTime } },
];

/** Two or three actors, each making a call or two at once, and then the next, on a run that has come some way. */
const turn = fc.array(operation, { minLength: 1, maxLength: 2 });
const scene = fc.record({
  opened: fc.nat(opening.length),
  actors: fc.array(fc.array(turn, { minLength: 1, maxLength: 6, size: 'max' }), { minLength: 2, maxLength: 3 }),
});

export function exerciseConcurrently(stage: Stage): void {
  /** All calls of one actor, alternately on two connections. */
  const act = async (id: string, turns: ReadonlyArray<readonly Operation[]>): Promise<Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const [i, operations] of turns.entries()) {
      const transitions = await Promise.all(operations.map((operation) => perform(i % 2 ? stage.store : stage.rival, id, operation)));
      outcomes.push(...operations.map((operation, call) => ({ operation, transition: transitions[call]! })));
    }
    return outcomes;
  };

  describe('calls of several actors at once', () => {
    test('come to what the same transitions one after another come to', { timeout: 300_000 }, async () => {
      const holds = fc.asyncProperty(scene, async ({ opened, actors }) => {
        const head = headOf(newId());
        await stage.store.create(head, modelTime);
        const begun = await act(head.id, opening.slice(0, opened).map((operation) => [operation]));
        const outcomes = [...begun, ...(await Promise.all(actors.map((turns) => act(head.id, turns)))).flat()];
        const applied = outcomes.filter(({ transition }) => transition.applied).sort((a, b) => a.transition.run.rev - b.transition.run.rev);
        const last = (await stage.rival.read(head.id))!;

        expectSettledOnce(applied, last);
        expectForward(applied);
        const seen = expectSameOneByOne(RunModel.received(head, modelTime), applied);
        for (const { transition } of outcomes) expect(transition.run).toStrictEqual(seen.get(transition.run.rev));
        expect(last).toStrictEqual(seen.get(applied.length + 1));
        await stage.putOff([head.id]);
      });
      await expect(fc.assert(holds, { numRuns: 100 })).resolves.toBeUndefined();
    });
  });
}

function expectSettledOnce(applied: readonly Outcome[], last: RunRecord): void {
  const settled = applied.flatMap(({ operation }) => (operation.kind === 'settle' ? [[operation.at.step, operation.settlement] as const] : []));
  expect(new Set(settled.map(([step]) => step)).size).toBe(settled.length);
  for (const [step, settlement] of settled) expect(last.steps[step]?.settlement).toStrictEqual(settlement);
}

/** Only a delivery that is replayed goes back. */
function expectForward(applied: readonly Outcome[]): void {
  const places = applied.map(({ transition }) => statusOrder.indexOf(transition.run.status));
  const back = applied.filter(({ operation }, i) => (places[i] ?? 0) < (places[i - 1] ?? 0) && operation.kind !== 'replayDelivery');
  expect(back).toEqual([]);
}

/** Those who are told of one rev were made together, in some order. Returns what there was to see, by rev. */
function expectSameOneByOne(received: RunModel, applied: readonly Outcome[]): ReadonlyMap<number, RunRecord> {
  const seen = new Map([[received.record.rev, received.record]]);
  let run = received;
  for (const [rev, together] of Map.groupBy(applied, ({ transition }) => transition.run.rev)) {
    const operations = together.map(({ operation }) => operation);
    const told = together[0]!.transition.run;
    expect(rev).toBe(run.record.rev + operations.length);
    const after = inSomeOrder(run, operations, told);
    expect(after?.record, `what ${JSON.stringify(operations)} lead to in some order`).toStrictEqual(told);
    seen.set(rev, told);
    run = after!;
  }
  return seen;
}

/** The run after all operations, in an order in which each applies and which leads to `record`; undefined if there is none. */
function inSomeOrder(before: RunModel, operations: readonly Operation[], record: RunRecord): RunModel | undefined {
  if (operations.length === 0) return isDeepStrictEqual(before.record, record) ? before : undefined;
  for (const [i, operation] of operations.entries()) {
    const after = before.after(operation);
    const last = after && inSomeOrder(after, operations.toSpliced(i, 1), record);
    if (last) return last;
  }
  return undefined;
}
