import { planStep, type StepId, type StepState } from '@millrace/canvas';
import { progressOf } from '@millrace/engine';
import { openClaims, type RunRecord, type RunStatus, untouchedStep } from '@millrace/run-store';

/** Something that happened to a run. */
export type RunEvent =
  | { readonly type: 'run'; readonly status: RunStatus }
  | { readonly type: 'step'; readonly step: StepId; readonly task: string; readonly status: StepState['status'] | 'running'; readonly claims: number };

/** What `after` tells that `before` did not. */
export function newEvents(before: RunRecord | undefined, after: RunRecord): readonly RunEvent[] {
  const known = new Map(before ? stepEvents(before).map((event) => [event.step, event]) : []);
  const steps = stepEvents(after).filter((event) => {
    const then = known.get(event.step);
    return then?.status !== event.status || then.claims !== event.claims;
  });
  return before?.status === after.status ? steps : [...steps, { type: 'run', status: after.status }];
}

type StepEvent = Extract<RunEvent, { type: 'step' }>;

function stepEvents(record: RunRecord): readonly StepEvent[] {
  const run = progressOf(record);
  return [...run.steps].flatMap(([step, { status }]): StepEvent[] => {
    const task = planStep(run, step)?.signature.task;
    if (task === undefined) return [];
    const there = record.steps[step] ?? untouchedStep;
    return [{ type: 'step', step, task, status: status === 'ready' && openClaims(there) > 0 ? 'running' : status, claims: there.claims }];
  });
}
