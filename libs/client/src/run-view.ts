import { planStep, type Run, type StepId, type StepState } from '@millrace/canvas';
import type { StepError } from '@millrace/contracts';
import { progressOf, stepTimes } from '@millrace/engine';
import { openClaims, type RunRecord, type RunStatus, type RunStore, untouchedStep } from '@millrace/run-store';

/** Where a run stands. Times in milliseconds since the epoch. */
export interface RunView {
  readonly id: string;
  readonly tenant: string;
  readonly status: RunStatus;
  readonly createdAt: number;
  readonly deadlineAt: number;
  /** Why it was cancelled, if somebody said. */
  readonly reason?: string;
  readonly steps: readonly StepView[];
}

export interface StepView {
  readonly step: StepId;
  readonly task: string;
  /** `running`: a worker has begun it and it is not settled. */
  readonly status: StepState['status'] | 'running';
  /** Tries that have ended. */
  readonly failures: number;
  /** How often a worker began it. */
  readonly claims: number;
  /** Not begun before this time. */
  readonly notBefore?: number;
  readonly settledAt?: number;
  /** In the handler, in milliseconds. */
  readonly handlerMs?: number;
  readonly error?: StepError;
  /** Of a shard of a wide group: how far its members are. */
  readonly members?: { readonly count: number; readonly settled: number };
}

export async function runView(record: RunRecord, runs: Pick<RunStore, 'readMembers'>): Promise<RunView> {
  const run = progressOf(record);
  const steps = [...run.steps.keys()].filter((step) => planStep(run, step));
  const { id, tenant, status, createdAt, deadlineAt, final } = record;
  return {
    id,
    tenant,
    status,
    createdAt,
    deadlineAt,
    ...(final?.reason === undefined ? {} : { reason: final.reason }),
    steps: await Promise.all(steps.map(async (step) => ({ ...stepView(record, run, step), ...(await membersOf(record, run, step, runs)) }))),
  };
}

function stepView(record: RunRecord, run: Run, step: StepId): StepView {
  const there = record.steps[step] ?? untouchedStep;
  const { claims, failures, settlement } = there;
  const status = run.steps.get(step)?.status ?? 'waiting';
  const { notBefore } = status === 'ready' ? stepTimes(record, run, step) : {};
  return {
    step,
    task: planStep(run, step)?.signature.task ?? '',
    status: status === 'ready' && openClaims(there) > 0 ? 'running' : status,
    failures,
    claims,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(settlement ? { settledAt: settlement.timing.settledAt, handlerMs: settlement.timing.handlerMs } : {}),
    ...(settlement?.status === 'failed' ? { error: settlement.error } : {}),
  };
}

async function membersOf(record: RunRecord, run: Run, step: StepId, runs: Pick<RunStore, 'readMembers'>): Promise<Pick<StepView, 'members'>> {
  const count = planStep(run, step)?.shard?.count;
  if (count === undefined) return {};
  if (record.steps[step]?.settlement) return { members: { count, settled: count } };
  const members = await runs.readMembers(record.id, step);
  return { members: { count, settled: [...members.values()].filter(({ settlement }) => settlement).length } };
}
