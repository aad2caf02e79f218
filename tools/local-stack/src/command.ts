import { MillraceError } from '@millrace/kernel';

/**
 * Runs the `main` of a command and exits: its number is the exit code; an error with a code from a catalogue is one
 * line on standard error and exit code 1.
 */
export async function runCommand(main: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exit(await main(process.argv.slice(2)));
  } catch (error) {
    if (!MillraceError.is(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP, or when the process that started this one is gone; `again` is called at the second signal. */
export function interruption(again: () => void): Promise<void> {
  return new Promise((resolve) => {
    let interrupted = false;
    const interrupt = () => {
      if (interrupted) return again();
      interrupted = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
    if (process.connected) process.once('disconnect', resolve);
  });
}
