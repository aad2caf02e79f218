import type { PlanStep } from '@millrace/canvas';
import { openClaims, type RunRecord, type StepRecord } from '@millrace/run-store';
import type { AnyTask, TaskPolicy } from '@millrace/tasks';

/** A step, or a member of a wide group, that this worker has claimed: the record as it stood then. */
export interface ClaimedStep {
  /** The step's id; of a member, its shard's id and its number: `3#17`. */
  readonly id: string;
  readonly step: PlanStep;
  readonly run: RunRecord;
  readonly claimedAt: number;
  /** This try, counted from 1. */
  readonly attempt: number;
  /** This claim, counted from 1: tries, and those that were cut short or put off. */
  readonly claim: number;
  /** Claims before this one that came to nothing: a worker died, or another had the same message. */
  readonly cutShort: number;
}

/** Which try a claim is, by what the claim left. */
export const countsOf = (record: StepRecord = { claims: 1, failures: 0 }): Pick<ClaimedStep, 'attempt' | 'claim' | 'cutShort'> => ({
  attempt: record.failures + 1,
  claim: record.claims,
  cutShort: openClaims(record) - 1,
});

/** The task's policy, with what the signature says otherwise. */
export function policyOf(task: AnyTask, { signature }: Pick<PlanStep, 'signature'>): TaskPolicy {
  if (!signature.options) return task.policy;
  const { maxAttempts, backoffMs, maxBackoffMs, softLimitMs, hardLimitMs } = { ...task.policy, ...signature.options };
  return { ...task.policy, maxAttempts, backoffMs, maxBackoffMs, softLimitMs, hardLimitMs };
}
