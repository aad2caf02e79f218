import type { Delivery } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import type { StepSettlement } from '@millrace/run-store';
import type { TaskActivity } from '@millrace/telemetry';
import type { ClaimedStep } from './claimed-step.js';
import { namesOf } from './underway.js';

/** What the arrival of a message tells. */
export const receivedActivity = ({ run, step, task }: TaskMessage, { queue, deliveryCount }: Delivery): TaskActivity => ({ type: 'task.received', run, step, task, queue, deliveryCount });

/** What a settlement that counts tells of its last try. */
export function settledActivity(claimed: ClaimedStep, settlement: StepSettlement): TaskActivity {
  const { handlerMs } = settlement.timing;
  if (settlement.status !== 'failed') return { type: 'task.succeeded', ...namesOf(claimed), handlerMs };
  const { code, message } = settlement.error;
  return { type: 'task.failed', ...namesOf(claimed), handlerMs, code, reason: message };
}
