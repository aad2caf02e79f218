import { planStep, type StepId } from '@millrace/canvas';
import { encodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import type { OutgoingMessage } from '@millrace/broker';
import type { RunRecord } from '@millrace/run-store';
import type { Router } from '@millrace/tasks';
import { progressOf } from './progress.js';
import { joinDeadlines, stepTimes } from './step-times.js';

/** The task that freezes a run's outcome and delivers it. Its messages name no step of the plan. */
export const callbackTask = 'callback.deliver';
const callbackStep = 'callback';

/** A message to be sent, and what its step's signature says of how. */
export interface Hint {
  readonly message: TaskMessage;
  readonly queue?: string;
  readonly priority?: number;
  /** How often its handler has put the work off: a message from before may still be there, so this one needs another id. */
  readonly snoozes?: number;
}

/** The hint that a step is ready. */
export function stepHint(record: RunRecord, step: StepId): Hint {
  const run = progressOf(record);
  const { signature, shard } = planStep(run, step) ?? {};
  const { task = '', options = {} } = signature ?? {};
  const { notBefore } = stepTimes(record, run, step);
  const lookBy = Math.min(...joinDeadlines(record, run).map(({ at }) => at));
  const message = {
    ...messageOf(record, step, task),
    ...(notBefore === undefined ? {} : { notBefore: Math.max(1, Math.ceil(notBefore)) }),
    ...(options.rateKey === undefined ? {} : { rateKey: options.rateKey }),
    ...(shard ? { members: [0, shard.count] as [number, number] } : {}),
    ...(lookBy === Infinity ? {} : { lookBy: Math.ceil(lookBy) }),
  };
  const { queue, priority = record.terms?.priority } = options;
  const { snoozes } = record.steps[step] ?? {};
  return { message, ...(queue === undefined ? {} : { queue }), ...(priority === undefined ? {} : { priority }), ...(snoozes === undefined ? {} : { snoozes }) };
}

/** The hint that a run is over and its outcome is to be delivered. */
export function callbackHint(record: RunRecord): Hint {
  const priority = record.terms?.priority;
  return { message: messageOf(record, callbackStep, callbackTask), ...(priority === undefined ? {} : { priority }) };
}

const messageOf = (record: RunRecord, step: string, task: string): TaskMessage => ({
  v: 1,
  run: record.id,
  step,
  task,
  epoch: record.epoch,
  deadlineAt: record.deadlineAt,
  tenant: record.tenant,
});

/** Which queue a hint goes to: its signature's own, or the one that the route names. */
export const queueOf = ({ queue, message }: Hint, router: Router): string => queue ?? router.queueOf(message.task);

/** A hint as the broker takes it; its id names the run, the step, the members, the epoch and how often it was put off. */
export function outgoing(hint: Hint, router: Router, now: number, maxDelayMs: number): OutgoingMessage {
  const { message, priority, snoozes } = hint;
  const members = message.members ? `-${message.members.join('-')}` : '';
  const more = `${members}${message.turn ? '-turn' : ''}${snoozes ? `-z${snoozes}` : ''}`;
  const delayMs = Math.min((message.notBefore ?? 0) - now, maxDelayMs);
  return {
    queue: queueOf(hint, router),
    body: encodeTaskMessage(message),
    id: `${message.run}-${message.step}-${message.epoch}${more}`,
    group: message.tenant,
    ...(delayMs > 0 ? { delayMs } : {}),
    ...(priority === undefined ? {} : { priority }),
  };
}
