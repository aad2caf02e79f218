import { defineErrors } from '@millrace/kernel';

export const rowErrors = defineErrors({
  MILLRACE_ROWS_EMPTY: { retryable: false, help: 'A file has no rows, at most a header; send at least one row.' },
  MILLRACE_ROWS_NOT_UTF8: { retryable: false, help: 'A file is not UTF-8; save it as UTF-8 and send it again. `detail.byte` is where the first wrong byte lies, counted from 0.' },
  MILLRACE_ROWS_HEADER: { retryable: false, help: 'The first line of a CSV file does not name its columns, each once and all that are required; put the right header there.' },
  MILLRACE_ROWS_MALFORMED: { retryable: false, help: 'Rows cannot be told apart or read: a CSV quote is opened or closed in the wrong place (quote the whole field and double the quotes in it), or very many rows do not fit the header or are not JSON objects (check the separator and the kind of file). `detail` says where.' },
  MILLRACE_ROWS_TOO_LONG: { retryable: false, help: 'A row is longer than 256 KiB, which mostly means a quote that is never closed; fix that row. `detail.line` is where.' },
});
