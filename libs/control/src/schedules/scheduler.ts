import type { Client } from '@millrace/client';
import type { DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf, MillraceError, Paced } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import { Coalesced } from '../coalesced.js';
import { collections, read } from '../collections.js';
import { lastTick, nextTick, type Schedule } from './schedule.js';
import { sameTimes, type Schedules, type TickState } from './schedules.js';

/** A tick that nobody took for longer than this was missed. */
const missedAfterMs = 30_000;
/** A clock that was set, or a schedule whose change was not told, is noticed after this long. */
const lookAnywayMs = 30_000;

/** How often to look at most for schedules that were changed. */
const changesMs = 5_000;
/** After trouble with a store. */
const tryAgainMs = 1_000;
/** A schedule that no scheduler has looked after for so long past its tick is there no more. */
const forgottenAfterMs = 7 * 24 * 3_600_000;

interface SchedulerDeps {
  readonly documents: DocumentStore;
  readonly client: Pick<Client, 'run'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Begins runs when schedules are due. Any number of schedulers may work at once: the id of a run is made of the schedule's
 * name and the tick, so that the run store lets exactly one of them begin it.
 */
export class Scheduler {
  /** The next ticks as they were read last, so that the documents are asked only when one is due. */
  readonly #next = new Map<string, { readonly schedule: Schedule; readonly at: number }>();
  readonly #passes = new Coalesced(() => this.#pass());
  readonly #changes: Paced;
  #unwatch: (() => Promise<void>) | undefined;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(
    private readonly schedules: Schedules,
    private readonly deps: SchedulerDeps,
  ) {
    this.#changes = new Paced(() => this.#passes.ask(), deps.clock, () => changesMs);
  }

  async start(): Promise<void> {
    this.#unwatch = await this.deps.documents.watch(collections.schedules, this.#changes.ask);
    this.#passes.ask();
    await this.#passes.settled();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel?.();
    await this.#unwatch?.();
    this.#changes.stop();
    await this.#passes.settled();
  }

  async #pass(): Promise<void> {
    this.#cancel?.();
    const due = await this.#due();
    if (this.#stopped) return;
    const waitMs = Math.max(0, Math.min(lookAnywayMs, due - this.deps.clock.now()));
    this.#cancel = this.deps.clock.after(waitMs, () => this.#passes.ask());
  }

  /** Begins what is due; resolves with when something is due next. */
  async #due(): Promise<number> {
    try {
      const schedules = await this.schedules.all();
      return Math.min(Infinity, ...(await Promise.all(schedules.map((schedule) => this.#nextOf(schedule)))));
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'schedules not looked at');
      return this.deps.clock.now() + tryAgainMs;
    }
  }

  async #nextOf(schedule: Schedule): Promise<number> {
    const known = this.#next.get(schedule.name);
    if (known && sameTimes(known.schedule, schedule) && known.at > this.deps.clock.now()) return known.at;
    try {
      const at = await this.#tick(schedule);
      this.#next.set(schedule.name, { schedule, at });
      return at;
    } catch (err) {
      this.deps.log.warn({ schedule: schedule.name, reason: messageOf(err) }, 'tick not taken, to be tried again');
      return this.deps.clock.now() + tryAgainMs;
    }
  }

  /** Resolves with the schedule's next tick. */
  async #tick(schedule: Schedule): Promise<number> {
    const { documents, clock } = this.deps;
    const name = { collection: collections.ticks, key: schedule.name };
    const document = await documents.get(name);
    const state = document && read<TickState>(document);
    const now = clock.now();
    const known = state && sameTimes(state.schedule, schedule) ? state : undefined;
    if (known && known.nextAt > now) return known.nextAt;
    const taken = known ? await this.#take(schedule, known.nextAt, now) : {};
    const nextAt = nextTick(schedule, now);
    if (nextAt === undefined) return Infinity;
    const after: TickState = { ...state, ...taken, schedule, nextAt };
    const { document: stands } = await documents.put(name, JSON.stringify(after), { ifVersion: document?.version ?? 0, expiresAt: nextAt + forgottenAfterMs });
    return stands ? read<TickState>(stands).nextAt : now;
  }

  /** Begins the run of the last tick that has passed, unless it was missed and is to be let go. */
  async #take(schedule: Schedule, firstAt: number, now: number): Promise<Pick<TickState, 'lastAt' | 'lastRun'>> {
    const { client, log } = this.deps;
    const at = lastTick(schedule, firstAt, now);
    const late = now - at > missedAfterMs;
    if (late && schedule.missed !== 'once') {
      log.warn({ schedule: schedule.name, tick: at, lateMs: now - at }, 'tick missed');
      return {};
    }
    const id = tickRun(schedule.name, at);
    const { tenant, timeoutMs, canvas } = schedule;
    try {
      await client.run(canvas, { id, ...(tenant === undefined ? {} : { tenant }), ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    } catch (err) {
      if (!MillraceError.is(err) || err.retryable) throw err;
      log.error({ schedule: schedule.name, tick: at, code: err.code, reason: err.message }, 'tick cannot be begun');
      return {};
    }
    log.info({ schedule: schedule.name, tick: at, run: id }, 'tick begun');
    return { lastAt: at, lastRun: id };
  }
}

/** The id of a tick's run: `tick_<name>_<year to millisecond, UTC>`. */
export const tickRun = (name: string, at: number): string => `tick_${name.replaceAll('-', '_')}_${new Date(at).toISOString().replaceAll(/[-:.Z]/g, '')}`;
