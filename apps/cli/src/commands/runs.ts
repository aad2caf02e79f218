import type { Command } from 'commander';
import type { RunView, StepView } from '@millrace/client';
import type { RunRecord, RunStatus } from '@millrace/run-store';
import { addCommand, addGroup, type Context, type Runner } from '../command-spec.js';
import type { Colour, Output } from '../output/output.js';
import { count, duration, moment } from '../output/words.js';
import { whole } from '../read-options.js';
import { showAnswers } from './answers.js';

export function addRunCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'runs', 'Show runs');
  addList(group, runner);
  addShow(group, runner);
  addCancel(program, runner);
  addRevoke(program, runner);
}

function addList(group: Command, runner: Runner): void {
  addCommand<{ readonly tenant?: string; readonly limit?: number }>(group, {
    usage: 'list',
    summary: 'Show the newest ingestions of a tenant',
    options: [
      ['--tenant <tenant>', 'whose; default: default'],
      ['--limit <count>', 'at most so many; default: 20', whole(1, 100)],
    ],
    examples: [['runs list', 'the last 20'], ['runs list --tenant acme --limit 100', 'the last 100 of a tenant']],
    run: async ({ session, out }, _, { tenant = 'default', limit = 20 }) => {
      const { runs, clock } = await session();
      const page = await runs.list(tenant, { limit });
      const columns = [{ title: 'RUN' }, { title: 'STATUS' }, { title: 'BEGUN' }, { title: 'AGE', align: 'right' }] as const;
      out.show(page.runs.map(summaryOf), () =>
        page.runs.length === 0
          ? [`Tenant ${tenant} has no ingestions.`]
          : out.table(columns, page.runs.map((run) => [run.id, statusOf(out, run.status), moment(run.createdAt), duration(clock.now() - run.createdAt)])),
      );
    },
  }, runner);
}

const summaryOf = ({ id, tenant, status, createdAt, deadlineAt }: RunRecord) => ({ id, tenant, status, createdAt, deadlineAt });

function addShow(group: Command, runner: Runner): void {
  addCommand<{ readonly mermaid?: true }>(group, {
    usage: 'show <run>',
    summary: 'Show where a run stands, step by step',
    arguments: ['the run’s id'],
    options: [['--mermaid', 'print it as a Mermaid flowchart']],
    examples: [
      ['runs show ing_0abc', 'its steps, what became of them and how long they took'],
      ['runs show ing_0abc --mermaid | mmdc -i - -o run.svg', 'a picture of it'],
    ],
    run: async ({ session, out }, [id = ''], { mermaid }) => {
      const { client, clock } = await session();
      const run = client.handle(id);
      if (mermaid) {
        const text = await run.mermaid();
        return out.show({ mermaid: text }, () => [text]);
      }
      const view = await run.status();
      out.show(view, () => runLines(out, view, clock.now()));
    },
  }, runner);
}

function runLines(out: Output, view: RunView, now: number): readonly string[] {
  const left = view.deadlineAt > now ? `deadline in ${duration(view.deadlineAt - now)}` : `deadline ${duration(now - view.deadlineAt)} ago`;
  const columns = [{ title: 'STEP' }, { title: 'TASK' }, { title: 'STATUS' }, { title: 'TRIES', align: 'right' }, { title: 'HANDLER', align: 'right' }, { title: '' }] as const;
  return [
    `${out.colour('bold', view.id)}  ${statusOf(out, view.status)}  tenant ${view.tenant}, begun ${moment(view.createdAt)}, ${left}`,
    ...(view.reason === undefined ? [] : [`cancelled: ${view.reason}`]),
    ...out.table(columns, view.steps.map((step) => stepRow(out, view.status === 'cancelled' ? leftBy(step) : step))),
  ];
}

/** In a run that was cancelled nothing is at work any more, whatever the record says of a try that was begun. */
const leftBy = (step: StepView): StepView => (step.status === 'running' || step.status === 'ready' || step.status === 'waiting' ? { ...step, status: 'revoked' } : step);

function stepRow(out: Output, step: StepView): readonly string[] {
  const said = step.error ? `${step.error.code}: ${step.error.message}` : step.members ? `${step.members.settled} of ${step.members.count} members` : '';
  return [step.step, step.task, out.colour(colours[step.status] ?? 'dim', step.status), `${step.claims}`, step.handlerMs === undefined ? '' : duration(step.handlerMs), said.slice(0, 100)];
}

const colours: Readonly<Record<string, Colour>> = {
  succeeded: 'green', delivered: 'green', finished: 'green', running: 'yellow', finalizing: 'yellow', delivering: 'yellow',
  failed: 'red', exhausted: 'red', 'endpoint-disabled': 'red', cancelled: 'red', revoked: 'red', late: 'red',
};

const statusOf = (out: Output, status: RunStatus): string => out.colour(colours[status] ?? 'dim', status);

function addCancel(program: Command, runner: Runner): void {
  addCommand<{ readonly reason?: string; readonly terminate?: true }>(program, {
    usage: 'cancel <run>',
    summary: 'Cancel a run: nothing more of it is begun',
    about: 'Handlers that are at work are told within about two seconds; with --terminate at once.',
    arguments: ['the run’s id'],
    options: [
      ['--reason <text>', 'why; kept with the run'],
      ['--terminate', 'have workers give up its handlers at once'],
    ],
    examples: [
      ['cancel ing_0abc --reason "sent twice"', 'the run is over; what is at work ends soon'],
      ['cancel ing_0abc --terminate', 'what is at work ends now'],
    ],
    run: async (context, [id = ''], { reason, terminate = false }) => cancel(context, { id, reason, terminate }),
  }, runner);
}

function addRevoke(program: Command, runner: Runner): void {
  addCommand<{ readonly reason?: string }>(program, {
    usage: 'revoke <run>',
    summary: 'Cancel a run and have its handlers give up at once',
    about: 'The same as cancel --terminate.',
    arguments: ['the run’s id'],
    options: [['--reason <text>', 'why; kept with the run']],
    examples: [['revoke run_0abc', 'the run is over, and nothing of it is at work any more']],
    run: async (context, [id = ''], { reason }) => cancel(context, { id, reason, terminate: true }),
  }, runner);
}

async function cancel(context: Context, { id, reason, terminate }: { id: string; reason: string | undefined; terminate: boolean }): Promise<void> {
  const { client, control } = await context.session();
  const cancelled = await client.handle(id).cancel(reason);
  const said = cancelled ? `Run ${id} is cancelled.` : `Run ${id} was over before.`;
  if (!terminate) return context.out.show({ run: id, cancelled }, () => [said]);
  const answers = await control.tell({ type: 'terminate', run: id }, { workersOnly: true });
  showAnswers(context, answers, (answered) => [said, `${count(answered.reduce((sum, { answer }) => sum + answer.handlers, 0), 'handler')} told to give up.`]);
}
