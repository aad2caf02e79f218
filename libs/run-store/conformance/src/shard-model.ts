import type { MemberChange, MembersAt, MembersTransition, RunStore, StepRecord } from '@millrace/run-store';

/** A call that may change members of a shard. */
export type MembersOperation =
  | { readonly kind: 'claimMembers'; readonly at: MembersAt }
  | { readonly kind: 'changeMembers'; readonly at: Omit<MembersAt, 'members'>; readonly changes: ReadonlyMap<number, MemberChange> };

export function performMembers(store: RunStore, id: string, operation: MembersOperation): Promise<MembersTransition | undefined> {
  return operation.kind === 'claimMembers' ? store.claimMembers(id, operation.at) : store.changeMembers(id, operation.at, operation.changes);
}

export const membersOf = (operation: MembersOperation): readonly number[] =>
  operation.kind === 'claimMembers' ? operation.at.members : [...operation.changes.keys()];

const untouched: StepRecord = { claims: 0, failures: 0 };

/** What the members of a shard are after the updates made so far; whether the shard is open is the run's to know. */
export class ShardModel {
  static readonly untouched = new ShardModel(new Map());

  private constructor(readonly members: ReadonlyMap<number, StepRecord>) {}

  after(operation: MembersOperation): ShardModel {
    const members = new Map(this.members);
    for (const number of membersOf(operation)) {
      const before = members.get(number) ?? untouched;
      if (!before.settlement) members.set(number, changed(before, operation.kind === 'claimMembers' ? 'claim' : operation.changes.get(number)!));
    }
    return new ShardModel(members);
  }

  /** What is told of the members that an operation names. */
  tell(operation: MembersOperation): Pick<MembersTransition, 'members' | 'settled'> {
    return {
      members: new Map(membersOf(operation).map((number) => [number, this.members.get(number) ?? untouched])),
      settled: [...this.members.values()].filter(({ settlement }) => settlement).length,
    };
  }
}

function changed(before: StepRecord, change: MemberChange | 'claim'): StepRecord {
  if (change === 'claim') return { ...before, claims: before.claims + 1 };
  if (change === 'failed-try') return { ...before, failures: before.failures + 1 };
  if (change === 'snoozed-try') return { ...before, snoozes: (before.snoozes ?? 0) + 1 };
  return { ...before, settlement: change };
}
