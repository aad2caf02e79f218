import { defineErrors } from '@millrace/kernel';
import { z } from 'zod';

/**
 * What travels through a broker: a hint that a step of a run is ready. Ids only, so it may be lost, doubled or
 * reordered without harm and holds no customer data. Version 1.
 */
export const taskMessage = z.strictObject({
  v: z.literal(1),
  run: z.string().min(1).max(64),
  step: z.string().min(1).max(64),
  task: z.string().min(1).max(128),
  /** Counts the sweeps of the run; makes a re-sent hint distinct from the first. */
  epoch: z.int().nonnegative(),
  /** Milliseconds since the epoch after which the task must not start. */
  deadlineAt: z.int().positive(),
  tenant: z.string().min(1).max(64),
  /** Of a wide group's shard: which of its members, from the first up to but without the second. All if absent. */
  members: z.tuple([z.int().nonnegative(), z.int().positive()]).optional(),
  /** Not to be begun before this time. */
  notBefore: z.int().positive().optional(),
  /** What shares a rate limit with it, if not every call of the task. */
  rateKey: z.string().min(1).max(64).optional(),
  /** Its turn under the rate limit has been kept for it, at `notBefore`. */
  turn: z.literal(true).optional(),
  /** When the sweeper must look at the run at the latest, as a join's time is up then. */
  lookBy: z.int().positive().optional(),
});
export type TaskMessage = Readonly<z.infer<typeof taskMessage>>;

export const messageErrors = defineErrors({
  MILLRACE_MESSAGE_MALFORMED: {
    retryable: false,
    help: 'A message on a task queue is not a task message of a known version; look at what else writes to that queue.',
  },
});

export const encodeTaskMessage = (message: TaskMessage): string => JSON.stringify(message);

/** Throws MILLRACE_MESSAGE_MALFORMED when `body` is not a task message of version 1. */
export function decodeTaskMessage(body: string): TaskMessage {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw messageErrors.error('MILLRACE_MESSAGE_MALFORMED', 'a task message is not JSON', { cause });
  }
  const parsed = taskMessage.safeParse(json);
  if (parsed.success) return parsed.data;
  throw messageErrors.error('MILLRACE_MESSAGE_MALFORMED', `a task message does not fit version 1: ${z.prettifyError(parsed.error)}`);
}
