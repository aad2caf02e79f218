import { type BrokerCapabilities, type OutgoingMessage, unfitPriority } from '@millrace/broker';

/** SQS takes 1,048,576 bytes, attributes included; a dead letter carries some, its reason above all. */
const reservedForDeadLetter = 1024;

export const sqsCapabilities: BrokerCapabilities = {
  maxDelayMs: 900_000,
  maxBytes: 1_048_576 - reservedForDeadLetter,
  deduplicates: false,
  exactDepth: false,
  priorities: false,
  groupsTakeTurns: false,
};

/** Why SQS would not take the message, if so. */
export function refusal(message: OutgoingMessage): string | undefined {
  const { body, delayMs = 0 } = message;
  if (body === '') return 'the body is empty';
  if (body.length > sqsCapabilities.maxBytes) return `the body has more than ${sqsCapabilities.maxBytes} bytes`;
  if (!/^[\t\n\r\x20-\x7e]*$/.test(body)) return 'the body has characters other than printable ASCII; escape them, as JSON can';
  if (delayMs > sqsCapabilities.maxDelayMs) return `the delay is longer than ${sqsCapabilities.maxDelayMs} ms`;
  return unfitPriority(message);
}

/** The MessageGroupId for a group, when it can be one: it is a help to fairness, never worth losing a message for. */
export function messageGroupId(group: string | undefined): string | undefined {
  return group !== undefined && /^[\x21-\x7e]{1,128}$/.test(group) ? group : undefined;
}
