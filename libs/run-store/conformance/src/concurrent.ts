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

/** Two or three actors, each making one call after another, on a run that has come some way. */
const scene = fc.record({
  opened: fc.nat(opening.length),
  actors: fc.array(fc.array(operation, { minLength: 1, maxLength: 10, size: 'max' }), { minLength: 2, maxLength: 3 }),
});

export function exerciseConcurrently(stage: Stage): void {
  /** All calls of one actor, alternately on two connections. */
  const act = async (id: string, operations: readonly Operation[]): Promise<Outcome[]> => {
    const outcomes: Outcome[] = [];
    for (const [i, operation] of operations.entries()) {
      const transition = await perform(i % 2 ? stage.store : stage.rival, id, operation);
      outcomes.push({ operation, transition: transition! });
    }
    return outcomes;
  };

  describe('calls of several actors at once', () => {
    test('come to what the same transitions one after another come to', { timeout: 300_000 }, async () => {
      const holds = fc.asyncProperty(scene, async ({ opened, actors }) => {
        const head = headOf(newId());
        await stage.store.create(head, modelTime);
        const begun = await act(head.id, opening.slice(0, opened));
        const outcomes = [...begun, ...(await Promise.all(actors.map((operations) => act(head.id, operations)))).flat()];
        const applied = outcomes.filter(({ transition }) => transition.applied).sort((a, b) => a.transition.run.rev - b.transition.run.rev);
        const last = (await stage.rival.read(head.id))!;

        expectOneRevEach(applied, last);
        expectSettledOnce(applied, last);
        expectForward(applied);
        expectSameOneByOne(RunModel.received(head, modelTime), applied, last);
        await stage.putOff([head.id]);
      });
      await expect(fc.assert(holds, { numRuns: 100 })).resolves.toBeUndefined();
    });
  });
}

function expectOneRevEach(applied: readonly Outcome[], last: RunRecord): void {
  expect(applied.map(({ transition }) => transition.run.rev)).toEqual(applied.map((_, i) => i + 2));
  expect(last.rev).toBe(applied.length + 1);
}

function expectSettledOnce(applied: readonly Outcome[], last: RunRecord): void {
  const settled = applied.flatMap(({ operation }) => (operation.kind === 'settle' ? [[operation.at.step, operation.settlement] as const] : []));
  expect(new Set(settled.map(([step]) => step)).size).toBe(settled.length);
  for (const [step, settlement] of settled) expect(last.steps[step]?.settlement).toStrictEqual(settlement);
}

function expectForward(applied: readonly Outcome[]): void {
  const places = applied.map(({ transition }) => statusOrder.indexOf(transition.run.status));
  expect(places).toEqual([...places].sort((a, b) => a - b));
}

function expectSameOneByOne(received: RunModel, applied: readonly Outcome[], last: RunRecord): void {
  let run = received;
  for (const { operation, transition } of applied) {
    const after = run.after(operation);
    expect(after?.record).toStrictEqual(transition.run);
    run = after!;
  }
  expect(last).toStrictEqual(run.record);
}
