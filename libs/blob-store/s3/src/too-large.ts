import { blobErrors } from '@millrace/blob-store';
import type { MillraceError } from '@millrace/kernel';

export const tooLarge = (maxBytes: number): MillraceError =>
  blobErrors.error('MILLRACE_BLOB_TOO_LARGE', `the data is longer than ${maxBytes} bytes`, { detail: { maxBytes } });
