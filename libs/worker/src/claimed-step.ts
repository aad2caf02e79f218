import type { PlanStep } from '@millrace/canvas';
import type { RunRecord } from '@millrace/run-store';
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
  /** This claim, counted from 1: tries and those that were cut short. */
  readonly claim: number;
}

/** The task's policy, with what the signature says otherwise. */
export function policyOf(task: AnyTask, { signature }: Pick<PlanStep, 'signature'>): TaskPolicy {
  if (!signature.options) return task.policy;
  const { maxAttempts, backoffMs, maxBackoffMs, softLimitMs, hardLimitMs } = { ...task.policy, ...signature.options };
  return { ...task.policy, maxAttempts, backoffMs, maxBackoffMs, softLimitMs, hardLimitMs };
}
