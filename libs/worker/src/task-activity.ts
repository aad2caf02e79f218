import type { Delivery } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import type { StepSettlement } from '@millrace/run-store';
import type { TaskActivity } from '@millrace/telemetry';
import type { ClaimedStep } from './claimed-step.js';
import { namesOf } from './underway.js';

/** What the arrival of a message tells. */
export const receivedActivity = ({ run, step, task }: TaskMessage, { queue, deliveryCount }: Delivery): TaskActivity => ({ type: 'task.received', run, step, task, queue, deliveryCount });

/** What a settlement tells of its last try; `applied`: whether it counts. */
export function settledActivity(claimed: ClaimedStep, settlement: StepSettlement, applied: boolean): TaskActivity {
  const { handlerMs } = settlement.timing;
  if (!applied) return { type: 'task.superseded', ...namesOf(claimed), handlerMs };
  if (settlement.status !== 'failed') return { type: 'task.succeeded', ...namesOf(claimed), handlerMs, settled: settlement.status };
  const { code, message } = settlement.error;
  return { type: 'task.failed', ...namesOf(claimed), handlerMs, code, reason: message };
}
