import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { helpOf } from './command-spec.js';
import { createProgram } from './program.js';

const program = createProgram(async () => undefined);
const examplesOf = (command: Command) => helpOf(command)?.examples ?? [];

/** Every command that does something, with its whole name. */
function leavesOf(parent: Command, before = ''): ReadonlyArray<readonly [string, Command]> {
  return parent.commands.flatMap((command) => (command.commands.length > 0 ? leavesOf(command, `${before}${command.name()} `) : [[`${before}${command.name()}`, command] as const]));
}

const commands = leavesOf(program).filter(([name]) => name !== 'complete');

describe('every command', () => {
  it.each(commands)('%s has a summary, examples that begin with it, and --json', (name, command) => {
    expect(command.summary()).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(examplesOf(command).length).toBeGreaterThan(0);
    for (const [line] of examplesOf(command)) expect(line.startsWith(name)).toBe(true);
    expect(command.options.map(({ long }) => long)).toContain('--json');
  });

  it.each(commands)('%s says what each of its arguments is', (_, command) => {
    for (const argument of command.registeredArguments) expect(argument.description).not.toBe('');
  });

  it.each(commands.flatMap(([, command]) => examplesOf(command).map(([line]) => [line] as const)))('the example `%s` is understood', async (line) => {
    const ran: boolean[] = [];
    const example = createProgram(async (json) => void ran.push(json));
    await example.parseAsync(wordsOf(line), { from: 'user' });
    expect(ran).toEqual([line.includes('--json')]);
  });
});

/** As a shell takes a line apart; what follows a pipe is not ours. */
const wordsOf = (line: string): string[] => [...(line.split(' | ')[0] ?? '').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
