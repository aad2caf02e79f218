import type { Command } from 'commander';
import type { Config } from '@millrace/platform';
import type { Output } from './output/output.js';
import type { Session } from './session.js';

/** What a command works with. */
export interface Context {
  readonly out: Output;
  readonly config: Config;
  /** Aborts at Ctrl-C. */
  readonly interrupted: AbortSignal;
  /** Connects with the first call. */
  session(): Promise<Session>;
}

export interface CommandSpec<Options extends object = object> {
  /** As in `show <run>`: the name, then its arguments. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  /** More, where the summary leaves something out. */
  readonly about?: string;
  /** What each argument is, in their order. */
  readonly arguments?: readonly string[];
  /** Flags, what they do, and how their values are read; the default is undefined. */
  readonly options?: ReadonlyArray<readonly [flags: string, does: string, read?: (text: string) => unknown]>;
  /** A command line and what it does. */
  readonly examples: ReadonlyArray<readonly [line: string, does: string]>;
  run(context: Context, args: readonly string[], options: Options): Promise<void>;
}

type Help = Pick<CommandSpec, 'about' | 'examples'>;

const helpByCommand = new WeakMap<Command, Help>();

/** What the help of a command says besides its summary, arguments and options; undefined for a group. */
export const helpOf = (command: Command): Help | undefined => helpByCommand.get(command);

/** Carries out a command's `run` with its context. */
export type Runner = (json: boolean, run: (context: Context) => Promise<void>) => Promise<void>;

const jsonOption = ['--json', 'print JSON, for programs'] as const;

/** Adds a command to a program, or to a group of commands. */
export function addCommand<Options extends object>(parent: Command, spec: CommandSpec<Options>, runner: Runner): void {
  const [name = '', ...names] = spec.usage.split(' ');
  const command = parent.command(name).summary(spec.summary).description(`${spec.summary}.`);
  for (const [i, argument] of names.entries()) command.argument(argument, spec.arguments?.[i] ?? '');
  for (const [flags, does, read] of spec.options ?? []) {
    if (read) command.option(flags, does, read);
    else command.option(flags, does);
  }
  helpByCommand.set(command, spec);
  command.option(...jsonOption).addHelpText('after', helpLines(spec).join('\n'));
  command.action(async () => {
    const options = command.opts<Options & { json?: true }>();
    await runner(options.json ?? false, (context) => spec.run(context, command.args, options));
  });
}

/** A group of commands, such as `runs list` and `runs show`. */
export const addGroup = (parent: Command, name: string, summary: string): Command => parent.command(name).summary(summary).description(`${summary}.`).helpCommand(false);

const helpLines = ({ about, examples }: Help): readonly string[] => [
  ...(about === undefined ? [] : ['', about]),
  '',
  'Examples:',
  ...examples.map(([line, does]) => `  $ millrace ${line}\n      ${does}`),
];
