import type { OutgoingMessage } from './broker.js';

/** The most urgent. */
export const maxPriority = 9;

/** Why no broker takes the message's priority, if so. */
export function unfitPriority({ priority = 0 }: OutgoingMessage): string | undefined {
  if (Number.isInteger(priority) && priority >= 0 && priority <= maxPriority) return undefined;
  return `the priority must be a whole number from 0 to ${maxPriority}; it is ${priority}`;
}
