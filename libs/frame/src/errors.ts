import { defineErrors } from '@millrace/kernel';

export const rowErrors = defineErrors({
  MILLRACE_ROWS_EMPTY: { retryable: false, help: 'A file has no rows, at most a header; send at least one row. The rows of a JSON file are an array, or an array under `rows`.' },
  MILLRACE_ROWS_NOT_UTF8: { retryable: false, help: 'A file is not UTF-8; save it as UTF-8, or name its encoding in the content type (`; charset=windows-1252`). `detail` has the line, and the byte counted from 0.' },
  MILLRACE_ROWS_ENCODING: { retryable: false, help: 'A file is not in the encoding that its content type names, or in one that cannot be read; send UTF-8, UTF-16 with a byte order mark, windows-1252 or iso-8859-1. `detail` says where.' },
  MILLRACE_ROWS_NUL: { retryable: false, help: 'A file has a NUL byte, so it is no text, or UTF-16 without a byte order mark; send text. `detail` has the line, and the byte counted from 0.' },
  MILLRACE_ROWS_GZIP: { retryable: false, help: 'A compressed file cannot be expanded: it ends too early, is damaged, or is an archive; send the row file itself, or that compressed by gzip.' },
  MILLRACE_ROWS_EXPANDED: { retryable: false, help: 'A compressed file expands to more than 200 MiB, or to more than a hundred times its size; split it, or send it as it is.' },
  MILLRACE_ROWS_HEADER: { retryable: false, help: 'The first line of a CSV file does not name its columns, each once and all that are required; put the right header there.' },
  MILLRACE_ROWS_MALFORMED: { retryable: false, help: 'Rows cannot be told apart or read: a CSV quote is opened or closed in the wrong place (quote the whole field and double the quotes in it), JSON is broken, or very many rows do not fit the header or are not JSON objects (check the separator and the kind of file). `detail` says where.' },
  MILLRACE_ROWS_TOO_LONG: { retryable: false, help: 'A row is longer than 256 KiB, which mostly means a quote that is never closed; fix that row. `detail` says where.' },
  MILLRACE_ROWS_TOO_MANY: { retryable: false, help: 'A file has more than 2,000,000 rows; split it.' },
});
