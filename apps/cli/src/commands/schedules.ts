import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Canvas, parseCanvas, signature } from '@millrace/canvas';
import { type MissedTicks, Schedules } from '@millrace/control';
import { addCommand, addGroup, type Runner } from '../command-spec.js';
import { cliErrors } from '../errors.js';
import { moment } from '../output/words.js';
import { json, jsonArray, milliseconds } from '../read-options.js';

export function addScheduleCommands(program: Command, runner: Runner): void {
  const group = addGroup(program, 'schedules', 'Begin runs again and again, at set times');
  addList(group, runner);
  addAdd(group, runner);
  addRemove(group, runner);
}

function addList(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'list',
    summary: 'Show the schedules, when each is due next, and its last run',
    examples: [['schedules list', 'those in the code and those added by hand']],
    run: async ({ session, out }) => {
      const { documents, clock } = await session();
      const views = await new Schedules(documents).views(clock.now());
      const columns = [{ title: 'SCHEDULE' }, { title: 'WHEN' }, { title: 'NEXT (UTC)' }, { title: 'LAST RUN' }, { title: 'FROM' }] as const;
      out.show(views, () =>
        views.length === 0
          ? ['There are no schedules.']
          : out.table(
              columns,
              views.map((view) => [
                view.name,
                view.everyMs === undefined ? `${view.cron} ${view.timezone ?? 'UTC'}` : `every ${view.everyMs} ms`,
                view.nextAt === undefined ? 'never' : moment(view.nextAt),
                view.lastRun ?? '-',
                view.added ? 'added' : 'code',
              ]),
            ),
      );
    },
  }, runner);
}

interface AddOptions {
  readonly cron?: string;
  readonly every?: number;
  readonly timezone?: string;
  readonly task?: string;
  readonly args?: readonly unknown[];
  readonly canvas?: string;
  readonly tenant?: string;
  readonly missed?: string;
}

function addAdd(group: Command, runner: Runner): void {
  addCommand<AddOptions>(group, {
    usage: 'add <name>',
    summary: 'Add a schedule, or change the one of that name',
    about: 'However many schedulers there are, each tick begins one run.',
    arguments: ['lower-case letters, digits and dashes'],
    options: [
      ['--cron <expression>', 'five or six fields, as in "0 3 * * *"'],
      ['--every <duration>', 'instead of cron: 10s, 5m, 2h', milliseconds],
      ['--timezone <zone>', 'of the cron expression, as in Europe/Berlin; default: UTC'],
      ['--task <name>', 'the task to run'],
      ['--args <json>', 'its arguments as a JSON array; default: []', jsonArray],
      ['--canvas <file>', 'instead of a task: a file with a canvas as JSON'],
      ['--tenant <tenant>', 'whose runs they are; default: default'],
      ['--missed <what>', 'ticks that passed while no scheduler ran: skip them, or run the last one once; default: skip'],
    ],
    examples: [
      ['schedules add nightly --cron "0 3 * * *" --timezone Europe/Berlin --task reports.daily', 'every night at three, in summer and winter'],
      ['schedules add refresh --every 5m --task cache.refresh --args \'["prices"]\' --missed once', 'every five minutes; after an outage once'],
    ],
    run: async ({ session, out }, [name = ''], { cron, every, timezone, tenant, missed, ...what }) => {
      const schedule = {
        name,
        canvas: await canvasOf(what),
        ...(cron === undefined ? {} : { cron }),
        ...(every === undefined ? {} : { everyMs: every }),
        ...(timezone === undefined ? {} : { timezone }),
        ...(tenant === undefined ? {} : { tenant }),
        ...(missed === undefined ? {} : { missed: missedOf(missed) }),
      };
      const { documents, clock } = await session();
      const schedules = new Schedules(documents);
      await schedules.put(schedule);
      const view = (await schedules.views(clock.now())).find((each) => each.name === name);
      out.show(view, () => [`Schedule ${name} is due next at ${view?.nextAt === undefined ? 'no time' : `${moment(view.nextAt)} UTC`}.`]);
    },
  }, runner);
}

async function canvasOf({ task, args = [], canvas: file }: Pick<AddOptions, 'task' | 'args' | 'canvas'>): Promise<Canvas> {
  if ((task === undefined) === (file === undefined)) throw cliErrors.error('MILLRACE_CLI_ARGUMENT', 'say what to run: either --task or --canvas');
  return task === undefined ? parseCanvas(json(await readFile(file ?? '', 'utf8'))) : signature(task, ...args);
}

function missedOf(text: string): MissedTicks {
  if (text === 'skip' || text === 'once') return text;
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `--missed is skip or once, not ${JSON.stringify(text)}`);
}

function addRemove(group: Command, runner: Runner): void {
  addCommand(group, {
    usage: 'remove <name>',
    summary: 'Remove a schedule that was added by hand',
    arguments: ['the schedule’s name'],
    examples: [['schedules remove nightly', 'it is not due any more; runs that were begun go on']],
    run: async ({ session, out }, [name = '']) => {
      const removed = await new Schedules((await session()).documents).remove(name);
      out.show({ name, removed }, () => [removed ? `Schedule ${name} is removed.` : `No schedule ${name} was added by hand.`]);
    },
  }, runner);
}
