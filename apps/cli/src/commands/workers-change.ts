import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { Answers } from '@millrace/control';
import { addCommand, addGroup, type Context, type Runner } from '../command-spec.js';
import { bytes, duration } from '../output/words.js';
import { jsonArray, milliseconds, whole } from '../read-options.js';
import { showAnswers } from './answers.js';
import { workerArgument } from './workers.js';

const oneWorker = 'a worker’s id, the beginning of one, or a service’s name';

export function addWorkerChangeCommands(program: Command, runner: Runner): void {
  addDrain(program, runner);
  const pool = addGroup(program, 'pool', 'Give workers more slots, or fewer, while they run');
  addResize(pool, runner, { name: 'grow', sign: 1, summary: 'Have workers run more handlers at once' });
  addResize(pool, runner, { name: 'shrink', sign: -1, summary: 'Have workers run fewer handlers at once' });
  addBroadcast(program, runner);
  addProfile(program, runner);
  addHeapSnapshot(program, runner);
}

function addDrain(program: Command, runner: Runner): void {
  addCommand(program, {
    usage: 'drain <worker>',
    summary: 'Stop workers warmly: they take nothing more, finish what they have begun, and end',
    about: 'Whatever supervises a process may start it again.',
    arguments: [oneWorker],
    examples: [['drain analyst@host:4711', 'one worker; others take over']],
    run: async (context, [id]) => {
      const { control } = await context.session();
      showAnswers(context, await control.tell({ type: 'drain' }, { id }), (answered) => answered.map(({ worker, answer }) => `${worker} drains, ${answer.active} at work`));
    },
  }, runner);
}

function addResize(group: Command, runner: Runner, { name, sign, summary }: { name: string; sign: 1 | -1; summary: string }): void {
  addCommand<{ readonly worker?: string; readonly pool?: string }>(group, {
    usage: `${name} <slots>`,
    summary,
    about: 'Until they stop; MILLRACE_CONCURRENCY is what they begin with.',
    arguments: [`how many ${sign === 1 ? 'more' : 'fewer'}`],
    options: [['--worker <worker>', workerArgument], ['--pool <name>', 'which pool, where a worker has several']],
    examples: [[`pool ${name} 2 --worker analyst`, `every analyst has two slots ${sign === 1 ? 'more' : 'fewer'}`]],
    run: async (context, [slots = ''], { worker: id, pool }) => {
      const by = sign * whole(1, 1_000)(slots);
      const { control } = await context.session();
      const answers = await control.tell({ type: 'grow', by, ...(pool === undefined ? {} : { pool }) }, { id, workersOnly: true });
      showAnswers(context, answers, (answered) => answered.map(({ worker, answer }) => `${worker}  ${answer.before} → ${answer.slots} slots`));
    },
  }, runner);
}

function addBroadcast(program: Command, runner: Runner): void {
  addCommand<{ readonly worker?: string; readonly timeout?: number }>(program, {
    usage: 'broadcast <task> [args]',
    summary: 'Run a task once on every worker that has it',
    about: 'Outside any run, and not tried again: for what each process has to do for itself, such as dropping a cache.',
    arguments: ['the task’s name', 'its arguments as a JSON array; default: []'],
    options: [['--worker <worker>', workerArgument], ['--timeout <duration>', 'how long it may take; default: 10s', milliseconds]],
    examples: [['broadcast cache.drop \'["prices"]\' --worker analyst', 'every analyst drops a cache']],
    run: async (context, [task = '', args = '[]'], { worker: id = '', timeout: timeoutMs = 10_000 }) => {
      const { control } = await context.session();
      const command = { type: 'broadcast', task, args: jsonArray(args), timeoutMs } as const;
      const to = (await control.directory.workers({ id })).filter(({ tasks }) => tasks.includes(task)).map((worker) => worker.id);
      showAnswers(context, await control.tellThese(command, to, timeoutMs + 5_000), (answered) =>
        answered.map(({ worker, answer }) => `${worker}  ${answer.status === 'succeeded' ? JSON.stringify(answer.value) : context.out.colour('red', `${answer.code}: ${answer.message}`)}`),
      );
    },
  }, runner);
}

function addProfile(program: Command, runner: Runner): void {
  addCommand<{ readonly seconds?: number; readonly out?: string }>(program, {
    usage: 'profile <worker>',
    summary: 'Record what a process spends its CPU time on',
    about: 'The profile goes to the blob store; open it with the Performance panel of Chrome’s developer tools.',
    arguments: [oneWorker],
    options: [['--seconds <count>', 'how long; default: 10', whole(1, 300)], ['--out <file>', 'also write it here']],
    examples: [['profile analyst --seconds 5 --out analyst.cpuprofile', 'five seconds of the analyst']],
    run: async (context, [id], { seconds = 10, out }) => {
      const { control } = await context.session();
      context.out.status(`recording for ${duration(seconds * 1_000)} …`);
      await showStored(context, await control.tell({ type: 'cpu-profile', seconds }, { id }, (seconds + 15) * 1_000), out);
    },
  }, runner);
}

function addHeapSnapshot(program: Command, runner: Runner): void {
  addCommand<{ readonly out?: string }>(program, {
    usage: 'heap-snapshot <worker>',
    summary: 'Record what lies in the memory of a process',
    about: 'The process does nothing else meanwhile, for about a second per 100 MB of heap. Open it with the Memory panel of Chrome’s developer tools.',
    arguments: [oneWorker],
    options: [['--out <file>', 'also write it here']],
    examples: [['heap-snapshot analyst --out analyst.heapsnapshot', 'the heap of the analyst']],
    run: async (context, [id], { out }) => {
      const { control } = await context.session();
      context.out.status('taking a snapshot …');
      await showStored(context, await control.tell({ type: 'heap-snapshot' }, { id }, 60_000), out);
    },
  }, runner);
}

async function showStored(context: Context, answers: Answers<'cpu-profile'> | Answers<'heap-snapshot'>, file: string | undefined): Promise<void> {
  context.out.status('');
  const { blobs } = await context.session();
  const [first] = answers.replies;
  if (file !== undefined && first?.ok) await writeFile(file, await blobs.get(first.answer.key));
  showAnswers(context, answers, (answered) => [...answered.map(({ worker, answer }) => `${worker}  ${bytes(answer.bytes)} in ${answer.key}`), ...(file === undefined ? [] : [`written to ${file}`])]);
}
