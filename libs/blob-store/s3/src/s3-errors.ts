import { blobErrors } from '@millrace/blob-store';
import { messageOf, type MillraceError } from '@millrace/kernel';
import { S3ServiceException } from '@aws-sdk/client-s3';

/** The error's code in S3's list, or its HTTP status, is one of these. */
export const isS3Error = (error: unknown, ...codes: ReadonlyArray<string | number>): error is S3ServiceException =>
  error instanceof S3ServiceException && (codes.includes(error.name) || codes.includes(error.$metadata.httpStatusCode ?? 0));

/** MILLRACE_BLOB_UNAVAILABLE that names the bucket and says in words what is wrong with it. */
export function unavailable(bucket: string, cause: unknown): MillraceError {
  return blobErrors.error('MILLRACE_BLOB_UNAVAILABLE', `the bucket ${bucket} cannot be used: ${wordsFor(cause)}`, { cause, detail: { bucket } });
}

function wordsFor(cause: unknown): string {
  if (isS3Error(cause, 'NoSuchBucket')) return 'it does not exist';
  if (isS3Error(cause, 401, 403)) return `its store refuses these credentials (${cause.name})`;
  if (cause instanceof S3ServiceException) return `its store answers ${cause.$metadata.httpStatusCode} ${cause.name} ${cause.message}`.trimEnd();
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(', ');
  return messageOf(cause);
}
