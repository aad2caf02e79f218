import type { PlanShard, PlanStep } from '@millrace/canvas';
import { type Hint, nextSweep, stepHint } from '@millrace/engine';
import type { MembersTransition, RunRecord } from '@millrace/run-store';
import { type ClaimedStep, countsOf } from './claimed-step.js';
import type { Execution } from './executor.js';
import type { Again } from './try-rules.js';

/** Some members of one shard. */
export interface MembersBatch {
  readonly run: RunRecord;
  readonly step: PlanStep;
  readonly shard: PlanShard;
  /** Counted from 0 within the shard. */
  readonly members: readonly number[];
  readonly lookBy: number | undefined;
  /** Of a member whose turn under a rate limit has been kept. */
  readonly turn: true | undefined;
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
export function rangeHint({ run, step, turn }: MembersBatch, members: readonly number[], notBefore?: number): Hint {
  const hint = stepHint(run, step.id);
  const first = members[0] ?? 0;
  const range: [number, number] = [first, (members.at(-1) ?? first) + 1];
  return { ...hint, message: { ...hint.message, members: range, ...(turn && { turn }), ...(notBefore === undefined ? {} : { notBefore: Math.ceil(notBefore) }) } };
}

interface MemberAgain {
  readonly again: Again;
  /** What the claim of its batch left. */
  readonly claimed: MembersTransition;
  readonly now: number;
}

/** The hint for a member that is to be tried once more. One that its handler put off comes as a new message. */
export function againHint(batch: MembersBatch, member: number, { again, claimed, now }: MemberAgain): Hint {
  const hint = rangeHint(batch, [member], now + again.delayMs);
  return again.counted === 'fail' ? hint : { ...hint, snoozes: (claimed.members.get(member)?.snoozes ?? 0) + 1 };
}

/** A member as the claim of its batch left it. */
export function claimedMember({ run, step, shard }: MembersBatch, member: number, claimed: MembersTransition, claimedAt: number): ClaimedStep {
  const { shard: _, ...common } = step;
  const id = `${step.id}#${member}`;
  return { id, step: { ...common, ...shard.member(member), id }, run, claimedAt, ...countsOf(claimed.members.get(member)) };
}

export const sweepOf = ({ run, lookBy }: MembersBatch, now: number, settings: Parameters<typeof nextSweep>[2]): number =>
  nextSweep({ finaliseAt: run.finaliseAt, lookBy }, now, settings);
