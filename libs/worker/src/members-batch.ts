import type { PlanShard, PlanStep } from '@millrace/canvas';
import { type Hint, nextSweep, stepHint } from '@millrace/engine';
import type { MembersTransition, RunRecord } from '@millrace/run-store';
import type { ClaimedStep } from './claimed-step.js';
import type { Execution } from './executor.js';

/** Some members of one shard. */
export interface MembersBatch {
  readonly run: RunRecord;
  readonly step: PlanStep;
  readonly shard: PlanShard;
  /** Counted from 0 within the shard. */
  readonly members: readonly number[];
  readonly lookBy: number | undefined;
}

/** What members of one delivery are carried out with. */
export interface Place {
  readonly execution: Execution;
  /** Aborts when the delivery must be given up. */
  readonly given: AbortSignal;
  /** How many members may be at work at once. */
  readonly lanes: number;
}

/** A hint for members of the batch's shard, from the first of them to the last. */
export function rangeHint({ run, step }: MembersBatch, members: readonly number[], notBefore?: number): Hint {
  const hint = stepHint(run, step.id);
  const first = members[0] ?? 0;
  const range: [number, number] = [first, (members.at(-1) ?? first) + 1];
  return { ...hint, message: { ...hint.message, members: range, ...(notBefore === undefined ? {} : { notBefore: Math.ceil(notBefore) }) } };
}

/** A member as the claim of its batch left it. */
export function claimedMember({ run, step, shard }: MembersBatch, member: number, claimed: MembersTransition, claimedAt: number): ClaimedStep {
  const { claims, failures } = claimed.members.get(member) ?? { claims: 1, failures: 0 };
  const { shard: _, ...common } = step;
  const id = `${step.id}#${member}`;
  return { id, step: { ...common, ...shard.member(member), id }, run, claimedAt, attempt: failures + 1, claim: claims };
}

export const sweepOf = ({ run, lookBy }: MembersBatch, now: number, settings: Parameters<typeof nextSweep>[2]): number =>
  nextSweep({ finaliseAt: run.finaliseAt, lookBy }, now, settings);
