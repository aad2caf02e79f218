import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { interruption, runCommand, Terminal } from '@millrace/local-stack';
import { comparisons } from './comparisons.js';
import { comparisonLines } from './comparison-lines.js';
import { type CompareOptions, compareOptions, usage } from './compare-options.js';
import { compareErrors } from './errors.js';
import { type Sample, summaryOf } from './summary.js';
import { takeTurns } from './turns.js';
import { Undo } from './undo.js';

const interruptedCode = 130;

await runCommand(async (args) => {
  const terminal = new Terminal();
  const options = compareOptions(args, process.env.INIT_CWD ?? process.cwd());
  if (!options) {
    terminal.line(usage);
    return 0;
  }
  const skipped = await prepare(options, terminal);
  const systems = options.systems.filter((system) => !(system in skipped));
  if (systems.length === 0) throw compareErrors.error('MILLRACE_COMPARE_NOTHING', 'there is nothing left to compare');
  const folder = await mkdtemp(join(tmpdir(), 'millrace-compare-'));
  const samples = await measure(options, systems, folder);
  const code = samples ? await tell({ options, systems, skipped, samples }, terminal) : interruptedCode;
  if (code === 1) terminal.line(`logs: ${folder}`);
  else await rm(folder, { recursive: true });
  return code;
});

/** Why systems have to be left out, by name. */
async function prepare({ kind, systems }: CompareOptions, terminal: Terminal): Promise<Record<string, string>> {
  const skipped: Record<string, string> = {};
  for (const system of systems) {
    const reason = await comparisons[kind].prepare(system);
    if (reason === undefined) continue;
    skipped[system] = reason;
    terminal.line(`${system} is left out: ${reason}`);
  }
  return skipped;
}

/** Undefined when it was interrupted. */
async function measure(options: CompareOptions, systems: readonly string[], folder: string): Promise<readonly Sample[] | undefined> {
  const undo = new Undo();
  const interrupted = interruption(() => process.exit(interruptedCode)).then(() => undefined);
  const turns = takeTurns({ rounds: options.rounds, systems, folder }, undo, async (turn) => {
    process.stderr.write(`round ${turn.round} of ${options.rounds}: ${turn.system}\n`);
    return await comparisons[options.kind].play(turn, options);
  });
  return await Promise.race([interrupted, turns]).finally(() => undo.end());
}

interface Told {
  readonly options: CompareOptions;
  readonly systems: readonly string[];
  readonly skipped: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

async function tell({ options, systems, skipped, samples }: Told, terminal: Terminal): Promise<number> {
  const [reference = ''] = systems;
  const summaries = summaryOf(samples, reference);
  const machine = { cpus: availableParallelism(), model: cpus()[0]?.model, node: process.versions.node };
  terminal.line(`medians of ${options.rounds} rounds of ${options.duration} s (${machine.cpus} CPUs, ${machine.model}, Node ${machine.node})`);
  for (const line of comparisonLines(summaries, comparisons[options.kind].measures, reference)) terminal.line(line);
  const incomplete = samples.filter(({ figures }) => (figures.notCompleted ?? 0) > 0);
  for (const { round, system, load, figures } of incomplete) terminal.line(`round ${round}, ${system}, ${load}: ${figures.notCompleted} did not complete`);
  if (options.json) await writeFile(options.json, `${JSON.stringify({ machine, options, skipped, reference, summaries, samples }, null, 2)}\n`);
  return incomplete.length === 0 ? 0 : 1;
}
