import type { Command } from 'commander';
import { addCommand, type Runner } from '../command-spec.js';
import { bytes, count, duration } from '../output/words.js';
import { milliseconds } from '../read-options.js';
import { showAnswers } from './answers.js';

/** How every command that takes a worker says so. */
export const workerArgument = 'a worker’s id, the beginning of one, or a service’s name; default: all';

interface TimeoutOption {
  readonly timeout?: number;
}

const timeoutOption = ['--timeout <duration>', 'how long to wait for answers; default: 8s', milliseconds] as const;

export function addWorkerCommands(program: Command, runner: Runner): void {
  addWorkers(program, runner);
  addPing(program, runner);
  addInspect(program, runner);
}

function addWorkers(program: Command, runner: Runner): void {
  addCommand(program, {
    usage: 'workers [worker]',
    summary: 'Show the processes that are up, what they serve and how busy they are',
    arguments: [workerArgument],
    examples: [
      ['workers', 'every process'],
      ['workers analyst', 'the analysts alone'],
    ],
    run: async ({ session, out }, [id]) => {
      const { control, clock } = await session();
      const workers = await control.directory.workers({ id });
      const columns = [{ title: 'WORKER' }, { title: 'STATE' }, { title: 'QUEUES' }, { title: 'BUSY', align: 'right' }, { title: 'VERSION' }, { title: 'UP', align: 'right' }] as const;
      out.show(workers, () =>
        workers.length === 0
          ? ['No process is up.']
          : out.table(
              columns,
              workers.map((worker) => [
                worker.id,
                out.colour(worker.state === 'working' ? 'green' : 'yellow', worker.state),
                worker.queues.join(', ') || '-',
                worker.pools.length === 0 ? '-' : `${worker.inHand}/${worker.pools.reduce((sum, { slots }) => sum + slots, 0)}`,
                worker.version,
                duration(clock.now() - worker.startedAt),
              ]),
            ),
      );
    },
  }, runner);
}

function addPing(program: Command, runner: Runner): void {
  addCommand<TimeoutOption>(program, {
    usage: 'ping [worker]',
    summary: 'Ask every process whether it is there, and name those that do not answer',
    arguments: [workerArgument],
    options: [timeoutOption],
    examples: [['ping', 'every process; the exit code is 1 when one of them does not answer']],
    run: async (context, [id], { timeout }) => {
      const { control } = await context.session();
      const answers = await control.tell({ type: 'ping' }, { id }, timeout);
      showAnswers(context, answers, (answered) => [...answered.map(({ worker }) => `${worker}  ${context.out.colour('green', 'pong')}`), `${answered.length} answered.`]);
    },
  }, runner);
}

function addInspect(program: Command, runner: Runner): void {
  addCommand<TimeoutOption>(program, {
    usage: 'inspect [worker]',
    summary: 'Show what workers are at work on, and how the processes do',
    arguments: [workerArgument],
    options: [timeoutOption],
    examples: [
      ['inspect', 'every process'],
      ['inspect analyst --json', 'all that the analysts tell, registered tasks too'],
    ],
    run: async (context, [id], { timeout }) => {
      const { control, clock } = await context.session();
      const answers = await control.tell({ type: 'inspect' }, { id }, timeout);
      showAnswers(context, answers, (answered) =>
        answered.flatMap(({ worker, answer: { active, reserved, registered, stats } }) => [
          context.out.colour('bold', worker),
          `  ${bytes(stats.rssBytes)} resident, ${bytes(stats.heapUsedBytes)} heap, loop lag ${stats.loopLagMs} ms, CPU ${duration(stats.cpuMs)} in ${duration(stats.uptimeMs)}, Node ${stats.versions.node}`,
          `  ${count(registered.length, 'task')} registered, ${active.length} at work, ${reserved} reserved`,
          ...active.map((each) => `  ${context.out.colour('green', '▸')} ${each.task}  run ${each.run}  step ${each.step}  attempt ${each.attempt}  for ${duration(clock.now() - each.since)}`),
        ]),
      );
    },
  }, runner);
}
