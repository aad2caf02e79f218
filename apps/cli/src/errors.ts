import { defineErrors } from '@millrace/kernel';

export const cliErrors = defineErrors({
  MILLRACE_CLI_UNREACHABLE: { retryable: true, help: 'Nothing answers where the command line looked for Millrace; start it, or say where it is with the environment variables of docs/config.md.' },
  MILLRACE_CLI_ARGUMENT: { retryable: false, help: 'An argument or option of a command means nothing; `--help` shows what it takes.' },
  MILLRACE_CLI_UNANSWERED: { retryable: true, help: 'Workers that are in the registry did not answer in time, or refused; the message names them.' },
});
