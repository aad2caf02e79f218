import type { Streams } from './output/output.js';
import { messageOf, MillraceError } from '@millrace/kernel';
import { CommanderError } from 'commander';
import type { Context, Runner } from './command-spec.js';
import { Output } from './output/output.js';
import { createProgram } from './program.js';
import type { Session } from './session.js';

export interface CliOptions {
  readonly streams: Streams;
  /** Aborts at Ctrl-C. */
  readonly interrupted: AbortSignal;
}

/** Exit codes: done; not done, and standard error says why; the command line was not understood. */
const exitCodes = { done: 0, failed: 1, misunderstood: 2 } as const;

/** Carries out one command line; resolves with the exit code. */
export async function runCli(args: readonly string[], { streams, interrupted }: CliOptions): Promise<number> {
  const runner: Runner = async (json, run) => {
    const { configOfOperator, profileOf } = await import('@millrace/platform');
    const { openSession } = await import('./session.js');
    const config = configOfOperator();
    let session: Promise<Session> | undefined;
    const context: Context = { out: new Output(streams, json), config, interrupted, session: () => (session ??= openSession(config, profileOf)) };
    try {
      await run(context);
    } finally {
      await session?.then((opened) => opened.close(), () => undefined);
    }
  };
  try {
    const program = createProgram(runner, { writeOut: (text) => streams.stdout.write(text), writeErr: (text) => streams.stderr.write(text) });
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (err) {
    if (err instanceof CommanderError) return err.exitCode === 0 ? exitCodes.done : exitCodes.misunderstood;
    streams.stderr.write(`millrace: ${MillraceError.is(err) ? `${err.message} (${err.code})` : messageOf(err)}\n`);
    return MillraceError.is(err, 'MILLRACE_CLI_ARGUMENT') ? exitCodes.misunderstood : exitCodes.failed;
  }
}
