import type { MemberChange, MembersTransition, StepRecord, Transition } from '@millrace/run-store';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { membersOperation, modelTime, operation } from './arbitraries.js';
import { type Operation, perform } from './run-model.js';
import { type MembersOperation, membersOf, performMembers } from './shard-model.js';
import { headOf, newId, type Stage } from './stage.js';

type Call = { readonly of: 'members'; readonly operation: MembersOperation } | { readonly of: 'run'; readonly operation: Operation };

interface Told {
  readonly operation: MembersOperation;
  readonly transition: MembersTransition;
}

interface Outcomes {
  readonly told: Told[];
  readonly transitions: Array<{ readonly operation: Operation; readonly transition: Transition }>;
}

/** All on one shard, so that they meet. */
const shard = '1';
const onShard = membersOperation.map((operation) => ({ ...operation, at: { ...operation.at, step: shard } }) as MembersOperation);

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 12, arbitrary: onShard.map((operation) => ({ of: 'members' as const, operation })) },
  { weight: 1, arbitrary: operation.map((operation) => ({ of: 'run' as const, operation })) },
);
const actors = fc.array(fc.array(call, { minLength: 1, maxLength: 12, size: 'max' }), { minLength: 2, maxLength: 3 });

export function exerciseMembersConcurrently(stage: Stage): void {
  /** All calls of one actor, alternately on two connections. */
  const act = async (id: string, calls: readonly Call[]): Promise<Outcomes> => {
    const outcomes: Outcomes = { told: [], transitions: [] };
    for (const [i, { of, operation }] of calls.entries()) {
      const store = i % 2 ? stage.store : stage.rival;
      if (of === 'members') outcomes.told.push({ operation, transition: (await performMembers(store, id, operation))! });
      else outcomes.transitions.push({ operation, transition: (await perform(store, id, operation))! });
    }
    return outcomes;
  };

  describe('updates of members by several actors at once', () => {
    test('settle each member once, count each claim and failed try, and lose none', { timeout: 300_000 }, async () => {
      const holds = fc.asyncProperty(actors, async (scripts) => {
        const head = headOf(newId());
        await stage.store.create(head, modelTime);
        const outcomes = await Promise.all(scripts.map((calls) => act(head.id, calls)));
        const told = outcomes.flatMap(({ told }) => told);
        const last = await stage.rival.readMembers(head.id, shard);

        for (const [number, member] of last) expectCounted(number, member, told);
        expectSettledOnce(told, last);
        expectAllSeen(told, last);
        for (const { told } of outcomes) expectForward(told);
        expectOpenUntilClosed(outcomes);
        await stage.putOff([head.id]);
      });
      await expect(fc.assert(holds, { numRuns: 100 })).resolves.toBeUndefined();
    });
  });
}

/**
 * A member that a reply shows unsettled was open to what the call did with it, so that counts; one that was settled in
 * the meantime may have been open or not.
 */
function expectCounted(number: number, member: StepRecord, told: readonly Told[]): void {
  const naming = told.filter(({ operation }) => membersOf(operation).includes(number));
  const claims = naming.filter(({ operation }) => operation.kind === 'claimMembers');
  const failures = naming.filter(({ operation }) => changeOf(operation, number) === 'failed-try');
  const snoozes = naming.filter(({ operation }) => changeOf(operation, number) === 'snoozed-try');
  for (const [count, calls] of [[member.claims, claims], [member.failures, failures], [member.snoozes ?? 0, snoozes]] as const) {
    expect(count).toBeLessThanOrEqual(calls.length);
    expect(count).toBeGreaterThanOrEqual(calls.filter(({ transition }) => transition.applied && !transition.members.get(number)!.settlement).length);
  }
}

/** Whoever sees a member settled sees what it stays, which is what somebody wanted. */
function expectSettledOnce(told: readonly Told[], last: ReadonlyMap<number, StepRecord>): void {
  const seen = told.flatMap(({ transition }) => [...transition.members]).filter(([, { settlement }]) => settlement);
  expect(seen.map(([, { settlement }]) => settlement)).toStrictEqual(seen.map(([number]) => last.get(number)?.settlement));
  for (const [number, { settlement }] of settledOf(last)) {
    expect(told.map(({ operation }) => changeOf(operation, number))).toContainEqual(settlement);
  }
  const made = told.filter(({ transition }) => transition.applied).map(({ operation }) => operation);
  const lost = made.flatMap((operation) => membersOf(operation).filter((number) => isSettlement(changeOf(operation, number)) && !last.get(number)?.settlement));
  expect(lost).toEqual([]);
}

/** Whoever settles the last one sees that all are; for those who come after the run or the shard was closed it does not matter. */
function expectAllSeen(told: readonly Told[], last: ReadonlyMap<number, StepRecord>): void {
  const counts = told.map(({ transition }) => transition.settled);
  const most = Math.max(0, ...counts);
  expect(most).toBeLessThanOrEqual(settledOf(last).length);
  expect(most === settledOf(last).length || told.some(({ transition }) => !transition.applied)).toBe(true);
}

/** What one actor is told only ever grows, and once the members are closed they stay so. */
function expectForward(told: readonly Told[]): void {
  const counts = told.map(({ transition }) => transition.settled);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  const applied = told.map(({ transition }) => Number(transition.applied));
  expect(applied).toEqual([...applied].sort((a, b) => b - a));
}

/** Nothing is refused unless something closed the shard or the run. */
function expectOpenUntilClosed(outcomes: readonly Outcomes[]): void {
  const isClosing = ({ operation, transition }: Outcomes['transitions'][number]): boolean =>
    transition.applied && (transition.run.status !== 'running' || (operation.kind === 'settle' && operation.at.step === shard));
  const isRefused = outcomes.flatMap(({ told }) => told).some(({ transition }) => !transition.applied);
  expect(!isRefused || outcomes.flatMap(({ transitions }) => transitions).some(isClosing)).toBe(true);
}

const changeOf = (operation: MembersOperation, number: number): MemberChange | undefined =>
  operation.kind === 'changeMembers' ? operation.changes.get(number) : undefined;
const isSettlement = (change: MemberChange | undefined): boolean => typeof change === 'object';
const settledOf = (members: ReadonlyMap<number, StepRecord>) => [...members].filter(([, { settlement }]) => settlement);
