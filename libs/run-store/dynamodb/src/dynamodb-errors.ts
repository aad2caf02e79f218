import { DynamoDBServiceException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { messageOf, type MillraceError } from '@millrace/kernel';
import { runStoreErrors } from '@millrace/run-store';

/** What a failed request comes to: MILLRACE_RUN_TOO_LARGE, or MILLRACE_RUN_STORE_UNAVAILABLE that names the table. */
export function storeError(table: string, cause: unknown): MillraceError {
  const init = { cause, detail: { table } };
  if (isTooLarge(cause)) return runStoreErrors.error('MILLRACE_RUN_TOO_LARGE', 'a run’s record, or one of its shards, would be larger than the 400 KB of an item', init);
  return runStoreErrors.error('MILLRACE_RUN_STORE_UNAVAILABLE', `the table ${table} cannot be used: ${wordsFor(cause)}`, init);
}

/** DynamoDB has no code of its own for this. */
const isTooLarge = (cause: unknown): boolean =>
  cause instanceof DynamoDBServiceException && cause.name === 'ValidationException' && /item size/i.test(cause.message);

function wordsFor(cause: unknown): string {
  if (cause instanceof ResourceNotFoundException) return 'it does not exist';
  if (cause instanceof DynamoDBServiceException) return `${cause.name} ${cause.message}`.trimEnd();
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(', ');
  return messageOf(cause);
}
