import { type Canvas, compile } from '@millrace/canvas';
import { messageOf } from '@millrace/kernel';
import { Cron } from 'croner';
import { controlErrors } from '../errors.js';

/** What becomes of ticks that passed while no scheduler ran: none of them is run, or the last one once. */
export type MissedTicks = 'skip' | 'once';

/** A canvas that is run again and again; plain data. */
export interface Schedule {
  /** Lower-case letters, digits and dashes, at most 40; begins with a letter. */
  readonly name: string;
  /** Five or six fields (seconds first), or `@daily` and the like; or `everyMs`. */
  readonly cron?: string;
  /** Milliseconds from tick to tick, at least 1,000; ticks are whole multiples since the epoch. */
  readonly everyMs?: number;
  /** Of the cron expression, as in the IANA time zone database. Default UTC. */
  readonly timezone?: string;
  readonly canvas: Canvas;
  readonly tenant?: string;
  /** Default `skip`. */
  readonly missed?: MissedTicks;
  /** The time of each run. Default one hour. */
  readonly timeoutMs?: number;
}

const nameShape = /^[a-z][a-z0-9-]{0,39}$/;
const shortestMs = 1_000;

/** Checks a schedule. Throws MILLRACE_SCHEDULE_INVALID, or MILLRACE_CANVAS_… for a canvas that cannot be run. */
export function defineSchedule(schedule: Schedule): Schedule {
  const { name, cron, everyMs, canvas } = schedule;
  if (!nameShape.test(name)) throw invalid(name, 'its name must be lower-case letters, digits and dashes, at most 40, and begin with a letter');
  if ((cron === undefined) === (everyMs === undefined)) throw invalid(name, 'it needs either a cron expression or an interval');
  if (everyMs !== undefined && !(Number.isInteger(everyMs) && everyMs >= shortestMs)) throw invalid(name, `its interval must be a whole number of at least ${shortestMs} ms`);
  compile(canvas);
  if (nextTick(schedule, 0) === undefined) throw invalid(name, `${cron} never comes`);
  return schedule;
}

/** The first tick after `time`, both in milliseconds since the epoch; undefined when there is none. */
export function nextTick(schedule: Schedule, time: number): number | undefined {
  const { everyMs } = schedule;
  if (everyMs !== undefined) return (Math.floor(time / everyMs) + 1) * everyMs;
  return withCron(schedule, (cron) => cron.nextRun(new Date(time)))?.getTime();
}

/** The last tick from `first`, which is one, until `time`. */
export function lastTick(schedule: Schedule, first: number, time: number): number {
  const { everyMs } = schedule;
  if (everyMs !== undefined) return Math.max(first, Math.floor(time / everyMs) * everyMs);
  const nextSecond = (Math.floor(time / 1_000) + 1) * 1_000;
  const [last] = withCron(schedule, (cron) => cron.previousRuns(1, new Date(nextSecond)));
  return Math.max(first, last?.getTime() ?? first);
}

function withCron<T>({ name, cron = '', timezone = 'UTC' }: Schedule, use: (cron: Cron) => T): T {
  try {
    return use(new Cron(cron, { timezone, mode: '5-or-6-parts' }));
  } catch (cause) {
    throw invalid(name, messageOf(cause), cause);
  }
}

const invalid = (name: string, why: string, cause?: unknown): Error => controlErrors.error('MILLRACE_SCHEDULE_INVALID', `schedule ${JSON.stringify(name)}: ${why}`, { cause });
