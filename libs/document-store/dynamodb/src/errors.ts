import { DynamoDBServiceException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { documentStoreErrors } from '@millrace/document-store';
import { messageOf, type MillraceError } from '@millrace/kernel';

/** What a failed request comes to: MILLRACE_DOCUMENT_STORE_UNAVAILABLE that names the table. */
export function unavailable(table: string, cause: unknown): MillraceError {
  return documentStoreErrors.error('MILLRACE_DOCUMENT_STORE_UNAVAILABLE', `the table ${table} cannot be used: ${wordsFor(cause)}`, { cause, detail: { table } });
}

function wordsFor(cause: unknown): string {
  if (cause instanceof ResourceNotFoundException) return 'it does not exist';
  if (cause instanceof DynamoDBServiceException) return `${cause.name} ${cause.message}`.trimEnd();
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(', ');
  return messageOf(cause);
}
