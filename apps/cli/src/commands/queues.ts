import type { Command } from 'commander';
import { addCommand, addGroup, type Runner } from '../command-spec.js';
import { showAnswers } from './answers.js';
import { workerArgument } from './workers.js';

export function addQueueCommands(program: Command, runner: Runner): void {
  addQueues(program, runner);
  const group = addGroup(program, 'queue', 'Have workers serve a queue, or serve it no more, while they run');
  addServe(group, runner);
  addCancel(group, runner);
}

function addQueues(program: Command, runner: Runner): void {
  addCommand(program, {
    usage: 'queues',
    summary: 'Show how many messages each queue holds, and who serves it',
    about: 'Queues that nobody serves any more are shown as well.',
    examples: [['queues', 'every queue'], ['queues --json', 'the same for programs']],
    run: async ({ session, out }) => {
      const { control, broker } = await session();
      const [queues, workers] = await Promise.all([control.directory.queues(), control.directory.workers()]);
      await broker.prepare(queues);
      const shown = await Promise.all(
        queues.map(async (queue) => ({ ...queue, ...(await broker.depth(queue.name)), workers: workers.filter((worker) => worker.queues.includes(queue.name)).length })),
      );
      const columns = [{ title: 'QUEUE' }, right('WAITING'), right('DELAYED'), right('IN FLIGHT'), right('DEAD'), right('WORKERS')];
      out.show(shown, () =>
        shown.length === 0
          ? ['No queue was ever served.']
          : out.table(
              columns,
              shown.map(({ name, waiting, delayed, inFlight, dead, workers: served }) => [name, `${waiting}`, `${delayed}`, `${inFlight}`, dead > 0 ? out.colour('red', `${dead}`) : '0', served > 0 ? `${served}` : out.colour('yellow', '0')]),
            ),
      );
    },
  }, runner);
}

const right = (title: string) => ({ title, align: 'right' }) as const;

function addServe(group: Command, runner: Runner): void {
  addCommand<{ readonly worker?: string }>(group, {
    usage: 'add <queue>',
    summary: 'Have workers take messages from one more queue',
    about: 'They do until they stop; a message whose task they do not have is given back.',
    arguments: ['a queue of `millrace queues`'],
    options: [['--worker <worker>', workerArgument]],
    examples: [['queue add analyses --worker dataset-generator', 'the dataset generators help with analyses']],
    run: async (context, [name = ''], { worker: id }) => {
      const { control } = await context.session();
      const queue = await control.directory.queue(name);
      showAnswers(context, await control.tell({ type: 'add-queue', queue }, { id, workersOnly: true }), servedLines);
    },
  }, runner);
}

function addCancel(group: Command, runner: Runner): void {
  addCommand<{ readonly worker?: string }>(group, {
    usage: 'cancel <queue>',
    summary: 'Have workers take nothing more from a queue',
    about: 'Answered when what they had begun of it has ended.',
    arguments: ['a queue that they serve'],
    options: [['--worker <worker>', workerArgument]],
    examples: [['queue cancel analyses --worker analyst@host', 'one worker stops taking analyses; others go on']],
    run: async (context, [name = ''], { worker: id }) => {
      const { control } = await context.session();
      showAnswers(context, await control.tell({ type: 'cancel-queue', queue: name }, { id, workersOnly: true }, 30_000), servedLines);
    },
  }, runner);
}

const servedLines = (answered: ReadonlyArray<{ readonly worker: string; readonly answer: { readonly queues: readonly string[] } }>): readonly string[] =>
  answered.map(({ worker, answer }) => `${worker} serves ${answer.queues.join(', ') || 'no queue'}`);
