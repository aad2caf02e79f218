import type { DeadLetter } from '@millrace/broker';
import type { Command } from 'commander';
import { addCommand, addGroup, type Context, type Runner } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { count, moment } from '../output/words.js';
import { whole } from '../read-options.js';

export function addDeadLetterCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'dead-letters', 'Look at messages that are kept but not delivered any more');
  addList(group, runner);
  addShow(group, runner);
  addRedrive(program, runner);
  addPurge(program, runner);
}

const queueArgument = 'a queue of `millrace queues`';

function addList(group: Command, runner: Runner): void {
  addCommand<{ readonly limit?: number }>(group, {
    usage: 'list <queue>',
    summary: 'Show the dead letters of a queue, about the oldest first',
    arguments: [queueArgument],
    options: [['--limit <count>', 'at most so many; default: 20', whole(1, 1_000)]],
    examples: [['dead-letters list analyses', 'the first 20, and why they are not delivered']],
    run: async (context, [name = ''], { limit = 20 }) => {
      const { out } = context;
      const { letters } = await (await prepared(context, name)).deadLetters.list(name, { limit });
      const columns = [{ title: 'ID' }, { title: 'DIED' }, { title: 'DELIVERIES', align: 'right' }, { title: 'REASON' }] as const;
      out.show(letters, () =>
        letters.length === 0
          ? [`Queue ${name} has no dead letters.`]
          : out.table(columns, letters.map(({ id, diedAt, deliveries, reason }) => [id, diedAt === undefined ? '-' : moment(diedAt), deliveries === undefined ? '-' : `${deliveries}`, reason.slice(0, 100)])),
      );
    },
  }, runner);
}

function addShow(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'show <queue> <id>',
    summary: 'Show one dead letter: its message, and why it is not delivered',
    arguments: [queueArgument, 'as `dead-letters list` shows it'],
    examples: [['dead-letters show analyses 17', 'the message, with the run and the step that it is for']],
    run: async (context, [name = '', id = '']) => {
      const letter = await (await prepared(context, name)).deadLetters.inspect(name, id);
      if (!letter) throw noLetter(name, id);
      context.out.show(letter, () => letterLines(letter));
    },
  }, runner);
}

const letterLines = ({ id, queue, reason, deliveries, publishedAt, diedAt, body }: DeadLetter): readonly string[] => [
  `${id} in ${queue}`,
  `reason      ${reason}`,
  ...(deliveries === undefined ? [] : [`deliveries  ${deliveries}`]),
  ...(publishedAt === undefined ? [] : [`published   ${moment(publishedAt)}`]),
  ...(diedAt === undefined ? [] : [`died        ${moment(diedAt)}`]),
  body,
];

function addRedrive(program: Command, runner: Runner): void {
  addCommand<{ readonly all?: true }>(program, {
    usage: 'redrive <queue> [id]',
    summary: 'Have a dead letter delivered again, or all of a queue',
    about: 'A message whose run is over by then does nothing.',
    arguments: [queueArgument, 'as `dead-letters list` shows it'],
    options: [['--all', 'all dead letters of the queue']],
    examples: [
      ['redrive analyses 17', 'one of them'],
      ['redrive analyses --all', 'all that there are now'],
    ],
    run: async (context, [name = '', id], { all = false }) => {
      if ((id === undefined) !== all) throw cliErrors.error('MILLRACE_CLI_ARGUMENT', 'say which: either the id of a dead letter or --all');
      const { deadLetters } = await prepared(context, name);
      if (id !== undefined && !(await deadLetters.redrive(name, id))) throw noLetter(name, id);
      const redriven = id === undefined ? await deadLetters.redriveAll(name) : 1;
      context.out.show({ queue: name, redriven }, () => [`${count(redriven, 'message')} of ${name} will be delivered again.`]);
    },
  }, runner);
}

function addPurge(program: Command, runner: Runner): void {
  addCommand<{ readonly dead?: true; readonly yes?: true }>(program, {
    usage: 'purge <queue>',
    summary: 'Remove the messages that wait in a queue, or its dead letters',
    about: 'What is delayed or in flight stays. Runs whose messages are gone stand still until the sweeper sends new ones: cancel those that are not to go on.',
    arguments: [queueArgument],
    options: [['--dead', 'its dead letters instead'], ['--yes', 'do it; without, nothing is removed']],
    examples: [['purge analyses --dead --yes', 'its dead letters are gone for good']],
    run: async (context, [name = ''], { dead = false, yes = false }) => {
      const what = dead ? 'dead letter' : 'message';
      const upkeep = await prepared(context, name);
      if (!yes) throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `this removes the ${what}s of ${name} for good: say --yes if that is meant`);
      const purged = dead ? await upkeep.deadLetters.purge(name) : await upkeep.purge(name);
      context.out.show({ queue: name, purged }, () => [`${count(purged, what)} of ${name} removed.`]);
    },
  }, runner);
}

const noLetter = (queue: string, id: string): Error => cliErrors.error('MILLRACE_CLI_ARGUMENT', `queue ${queue} has no dead letter ${id}`);

/** The upkeep of a queue that the broker knows of. */
async function prepared(context: Context, name: string) {
  const { control, broker } = await context.session();
  const queue = await control.directory.queue(name);
  await broker.prepare([queue]);
  return broker;
}
