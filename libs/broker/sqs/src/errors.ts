import { brokerErrors } from '@millrace/broker';
import { messageOf, type MillraceError } from '@millrace/kernel';

/** Every failed call is "unavailable" to the product: it tries again later. The SDK's error is the cause. */
export function unavailable(call: string, cause: unknown): MillraceError {
  return brokerErrors.error('MILLRACE_BROKER_UNAVAILABLE', `SQS ${call} failed: ${messageOf(cause)}`, { cause, detail: { call } });
}

export function unknownQueue(name: string): MillraceError {
  return brokerErrors.error('MILLRACE_BROKER_QUEUE_UNKNOWN', `the queue ${name} was not prepared; pass it to prepare() first`, { detail: { queue: name } });
}
