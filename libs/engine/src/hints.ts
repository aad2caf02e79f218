import { planStep, releasedBy } from '@millrace/canvas';
import { encodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import type { OutgoingMessage } from '@millrace/broker';
import type { RunRecord } from '@millrace/run-store';
import type { Router } from '@millrace/tasks';
import { isOver, progressOf } from './progress.js';

/** The task that freezes a run's outcome and delivers it. Its messages name no step of the plan. */
export const callbackTask = 'callback.deliver';
const callbackStep = 'callback';

/**
 * The messages that a record calls for, read off the record alone: the steps that are ready, or the callback when
 * nothing is left to run or the time is up. Sending them again does no harm. A delivery that has begun is followed up
 * by the sweeper only.
 */
export function nextHints(record: RunRecord, now: number): readonly TaskMessage[] {
  switch (record.status) {
    case 'received':
    case 'running':
      return now >= record.finaliseAt ? [callbackHint(record)] : stepHints(record);
    case 'finalizing':
      return [callbackHint(record)];
    default:
      return [];
  }
}

/**
 * The messages that the settlement of `step` calls for: what it released and nothing that was ready before. `record` is
 * the reply of the update that settled it, so of several steps settling at once exactly one sees a latch complete.
 */
export function followingHints(record: RunRecord, step: string): readonly TaskMessage[] {
  const run = progressOf(record);
  return releasedBy(run, step).map((command) =>
    command.type === 'finish' ? callbackHint(record) : hint(record, command.step, planStep(run, command.step)?.signature.task ?? ''),
  );
}

/** What the sweeper sends for a record that is due. */
export const dueHints = (record: RunRecord, now: number): readonly TaskMessage[] =>
  record.status === 'delivering' ? [callbackHint(record)] : nextHints(record, now);

function stepHints(record: RunRecord): readonly TaskMessage[] {
  const run = progressOf(record);
  if (isOver(run)) return [callbackHint(record)];
  const hints: TaskMessage[] = [];
  for (const [step, state] of run.steps) {
    const task = planStep(run, step)?.signature.task;
    if (state.status === 'ready' && task !== undefined) hints.push(hint(record, step, task));
  }
  return hints;
}

const callbackHint = (record: RunRecord): TaskMessage => hint(record, callbackStep, callbackTask);

const hint = (record: RunRecord, step: string, task: string): TaskMessage => ({
  v: 1,
  run: record.id,
  step,
  task,
  epoch: record.epoch,
  deadlineAt: record.deadlineAt,
  tenant: record.tenant,
});

/** A hint as the broker takes it; its id names the run, the step and the epoch. */
export const outgoing = (message: TaskMessage, router: Router): OutgoingMessage => ({
  queue: router.queueOf(message.task),
  body: encodeTaskMessage(message),
  id: `${message.run}-${message.step}-${message.epoch}`,
  group: message.tenant,
});
