import { parseCanvas } from '@millrace/canvas';
import type { DocumentStore } from '@millrace/document-store';
import { collections, listAll, read } from '../collections.js';
import { defineSchedule, nextTick, type Schedule } from './schedule.js';

/** When a schedule is due, and what came of it last. */
export interface TickState {
  /** The schedule as it was then; when it is given another time the next tick is computed anew. */
  readonly schedule: Schedule;
  /** Milliseconds since the epoch. */
  readonly nextAt: number;
  readonly lastAt?: number;
  /** The run of the last tick. */
  readonly lastRun?: string;
}

export interface ScheduleView extends Schedule, Partial<Omit<TickState, 'schedule'>> {
  /** Whether it was added by hand; others are declared in the code of the deployment. */
  readonly added: boolean;
}

const ruleOf = ({ cron, everyMs, timezone = 'UTC' }: Schedule): string => (everyMs === undefined ? `${cron} ${timezone}` : `every ${everyMs}`);

/** Whether both are due at the same times. */
export const sameTimes = (a: Schedule, b: Schedule): boolean => ruleOf(a) === ruleOf(b);

/** Schedules by name: those that were added by hand, beside those that code declares. */
export class Schedules {
  readonly #declared: readonly Schedule[];

  /** Throws as `defineSchedule`. */
  constructor(
    private readonly documents: DocumentStore,
    declared: readonly Schedule[] = [],
  ) {
    this.#declared = declared.map(defineSchedule);
  }

  /** What code declares wins over what was added by hand under the same name. */
  async all(): Promise<readonly Schedule[]> {
    const added = (await listAll(this.documents, collections.schedules)).map((document) => read<Schedule>(document));
    const names = new Set(this.#declared.map(({ name }) => name));
    return [...this.#declared, ...added.filter(({ name }) => !names.has(name))];
  }

  /** Adds a schedule, or changes the one of that name. Rejects as `defineSchedule`. */
  async put(schedule: Schedule): Promise<void> {
    const checked = defineSchedule({ ...schedule, canvas: parseCanvas(schedule.canvas) });
    await this.documents.put({ collection: collections.schedules, key: checked.name }, JSON.stringify(checked));
  }

  /** Resolves with whether it was there. */
  async remove(name: string): Promise<boolean> {
    const removed = await this.documents.remove({ collection: collections.schedules, key: name });
    await this.documents.remove({ collection: collections.ticks, key: name });
    return removed;
  }

  /** Where every schedule stands; one that code declares is known once a scheduler has seen it. */
  async views(now: number): Promise<readonly ScheduleView[]> {
    const states = (await listAll(this.documents, collections.ticks)).map((document) => read<TickState>(document));
    const added = (await listAll(this.documents, collections.schedules)).map((document) => read<Schedule>(document));
    const names = new Set(added.map(({ name }) => name));
    const declared = states.filter(({ schedule }) => !names.has(schedule.name)).map((state) => ({ added: false, ...viewOf(state.schedule, state, now) }));
    const views = added.map((schedule) => ({ added: true, ...viewOf(schedule, states.find((state) => state.schedule.name === schedule.name), now) }));
    return [...declared, ...views].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function viewOf(schedule: Schedule, state: TickState | undefined, now: number): Omit<ScheduleView, 'added'> {
  const nextAt = state && sameTimes(state.schedule, schedule) ? state.nextAt : nextTick(schedule, now);
  const { lastAt, lastRun } = state ?? {};
  return { ...schedule, ...(nextAt === undefined ? {} : { nextAt }), ...(lastAt === undefined ? {} : { lastAt }), ...(lastRun === undefined ? {} : { lastRun }) };
}
