import { defineErrors } from '@millrace/kernel';

export const frameErrors = defineErrors({
  MILLRACE_FRAME_COLUMN: { retryable: false, help: 'A frame has no column of that name and kind, or columns of different lengths; the message names it. Fix the handler.' },
  MILLRACE_FRAME_BYTES: { retryable: false, help: 'Bytes that should hold a frame do not, or were cut or changed; make the dataset again.' },
  MILLRACE_FRAME_VERSION: { retryable: false, help: 'A frame was written by a version of the code that this one cannot read; send the data again.' },
});
