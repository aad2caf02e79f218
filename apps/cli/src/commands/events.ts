import type { Command } from 'commander';
import { followBatches } from '@millrace/control';
import { globPattern } from '@millrace/tasks';
import type { ActivityEvent } from '@millrace/telemetry';
import { addCommand, type Runner } from '../command-spec.js';
import type { Colour, Output } from '../output/output.js';
import { bytes, duration } from '../output/words.js';

export function addEventsCommand(program: Command, runner: Runner): void {
  addCommand<{ readonly type?: string; readonly run?: string; readonly task?: string }>(program, {
    usage: 'events',
    summary: 'Follow what happens to tasks, runs and workers, until Ctrl-C',
    about: 'Processes write events only while somebody follows.',
    options: [
      ['--type <glob>', 'only events of such a type, as in task.*'],
      ['--run <id>', 'only events of one run'],
      ['--task <glob>', 'only events of such tasks, as in orders.*'],
    ],
    examples: [
      ['events', 'everything'],
      ['events --type task.failed --json', 'each failed task as a line of JSON'],
    ],
    run: async ({ session, out, interrupted }, _, { type = '**', run, task }) => {
      const [types, tasks] = [globPattern(type), task === undefined ? undefined : globPattern(task)];
      const wanted = (event: ActivityEvent): boolean =>
        types.test(event.type) && (run === undefined || ('run' in event && event.run === run)) && (!tasks || ('task' in event && tasks.test(event.task)));
      for await (const { events, dropped } of followBatches(await session(), interrupted)) {
        for (const event of events.filter(wanted)) out.stream(event, () => eventLine(out, event));
        if (dropped > 0) out.note(`${dropped} events came faster than they could be written and are lost`);
      }
    },
  }, runner);
}

const colours: Readonly<Record<string, Colour>> = { succeeded: 'green', online: 'green', delivered: 'green', failed: 'red', rejected: 'red', late: 'red', revoked: 'red', offline: 'red', retried: 'yellow' };

function eventLine(out: Output, { type, at, source, ...rest }: ActivityEvent): string {
  const { task, ...others } = { task: undefined, ...rest, version: undefined };
  const said = [...(task === undefined ? [] : [out.colour('bold', task)]), ...Object.entries(others).flatMap(([name, value]) => (value === undefined ? [] : fieldText(name, value)))];
  const time = new Date(at).toISOString().slice(11, 23);
  return `${out.colour('dim', time)}  ${out.colour(colours[type.split('.')[1] ?? ''] ?? 'bold', type.padEnd(16))}  ${said.join('  ')}  ${out.colour('dim', source)}`;
}

function fieldText(name: string, value: unknown): string {
  if (name === 'run') return String(value);
  if (name.endsWith('Ms')) return `${name.slice(0, -2)} ${duration(Number(value))}`;
  return name.endsWith('Bytes') ? `${name.slice(0, -5)} ${bytes(Number(value))}` : `${name} ${String(value)}`;
}
