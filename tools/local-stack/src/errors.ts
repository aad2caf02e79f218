import { defineErrors } from '@millrace/kernel';

export const launchErrors = defineErrors({
  MILLRACE_LAUNCH_PORT_IN_USE: {
    retryable: false,
    help: 'Another process listens on the port wanted for the ingestion API; stop it or choose another port with MILLRACE_PORT.',
  },
  MILLRACE_LAUNCH_DATA_DIR: {
    retryable: false,
    help: 'The data folder cannot be used; make it writable or choose another with MILLRACE_DATA_DIR.',
  },
  MILLRACE_LAUNCH_REDIS: {
    retryable: true,
    help: 'REDIS_URL is set but no Redis answers there; start it, or unset REDIS_URL to run on the built-in AWS emulators.',
  },
  MILLRACE_LAUNCH_PROCESS: {
    retryable: true,
    help: 'A process did not become ready; its log says why.',
  },
  MILLRACE_LAUNCH_FILE: {
    retryable: false,
    help: 'The file to send cannot be read or is of no known type; give the path of a .csv, .ndjson, .jsonl or .json file.',
  },
  MILLRACE_LAUNCH_REFUSED: {
    retryable: false,
    help: 'The ingestion API refused the file; the message holds its reason.',
  },
  MILLRACE_LAUNCH_USAGE: {
    retryable: false,
    help: 'The command line was not understood; --help shows what it takes.',
  },
});
