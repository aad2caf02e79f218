import type { Clock } from '@millrace/kernel';

/** How long what was counted is kept, in seconds: a little longer than a run with the usual budget can take. */
const keptSeconds = 15;
/** Over how many whole seconds the rate of ends is taken. */
const rateSeconds = 4;

type BySecond = Readonly<Record<string, number>>;

/** What one process has seen: runs begun and ended by tenant and by the second in which they were begun, and ends by their own second. */
export interface LoadCounts {
  readonly begun: Readonly<Record<string, BySecond>>;
  readonly ended: Readonly<Record<string, BySecond>>;
  readonly ends: BySecond;
}

/** How things stand over all processes. */
export interface LoadSnapshot {
  /** Runs under way, by tenant; tenants without any are absent. */
  readonly inFlight: ReadonlyMap<string, number>;
  readonly total: number;
  /** Runs ended each second of late; 0 when none has for a while. */
  readonly endsPerSecond: number;
}

type Counter = Map<number, number>;

/** One process's counts of the last seconds. */
export class Load {
  readonly #begun = new Map<string, Counter>();
  readonly #ended = new Map<string, Counter>();
  readonly #ends: Counter = new Map();

  constructor(private readonly clock: Clock) {}

  begun(tenant: string, createdAt: number): void {
    add(counterOf(this.#begun, tenant), createdAt);
  }

  ended(tenant: string, createdAt: number): void {
    add(counterOf(this.#ended, tenant), createdAt);
    add(this.#ends, this.clock.now());
  }

  counts(): LoadCounts {
    const oldest = secondOf(this.clock.now()) - keptSeconds;
    forget(this.#ends, oldest);
    return { begun: told(this.#begun, oldest), ended: told(this.#ended, oldest), ends: Object.fromEntries(this.#ends) };
  }
}

/**
 * What is under way is what was begun and has not ended, taken second by second: where ends were counted whose beginnings
 * were lost with a process, that second counts as over, and the error is forgotten along with it. What others have told is
 * `staleMs` old on average; as many as end in that time are taken off.
 */
export function cohortsOf(all: readonly LoadCounts[], now: number, staleMs: number): LoadSnapshot {
  const current = secondOf(now);
  const tenants = new Set(all.flatMap(({ begun }) => Object.keys(begun)));
  const inFlight = new Map<string, number>();
  for (const tenant of tenants) {
    let open = 0;
    for (let second = current - keptSeconds; second <= current; second++) {
      open += Math.max(0, sumOf(all, (counts) => counts.begun[tenant]?.[second]) - sumOf(all, (counts) => counts.ended[tenant]?.[second]));
    }
    if (open > 0) inFlight.set(tenant, open);
  }
  const counted = [...inFlight.values()].reduce((sum, open) => sum + open, 0);
  const endsPerSecond = rateOf(all, current - Math.ceil((2 * staleMs) / 1_000));
  const part = Math.max(0, 1 - (endsPerSecond * staleMs) / 1_000 / Math.max(1, counted));
  for (const [tenant, open] of inFlight) inFlight.set(tenant, Math.ceil(open * part));
  return { inFlight, total: Math.ceil(counted * part), endsPerSecond };
}

/**
 * Over the last four whole seconds, or fewer when nothing had ended before; but no less than half of what the best four of
 * the last fifteen brought: a worker that is replaced, or a moment without work, is not taken for the end of all progress.
 */
function rateOf(all: readonly LoadCounts[], last: number): number {
  const ends = Array.from({ length: keptSeconds }, (_, ago) => sumOf(all, (counts) => counts.ends[last - ago]));
  const seconds = Math.min(rateSeconds, ends.findLastIndex((count) => count > 0) + 1);
  if (seconds === 0) return 0;
  return Math.max(meanOf(ends.slice(0, seconds)), meanOf(ends.toSorted((a, b) => b - a).slice(0, seconds)) / 2);
}

const meanOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;

const sumOf = (all: readonly LoadCounts[], count: (counts: LoadCounts) => number | undefined): number => all.reduce((sum, counts) => sum + (count(counts) ?? 0), 0);

const secondOf = (ms: number): number => Math.floor(ms / 1_000);

function counterOf(counters: Map<string, Counter>, tenant: string): Counter {
  const counter = counters.get(tenant) ?? new Map<number, number>();
  counters.set(tenant, counter);
  return counter;
}

function add(counter: Counter, at: number): void {
  counter.set(secondOf(at), (counter.get(secondOf(at)) ?? 0) + 1);
}

function forget(counter: Counter, oldest: number): void {
  for (const second of counter.keys()) if (second < oldest) counter.delete(second);
}

function told(counters: Map<string, Counter>, oldest: number): Record<string, BySecond> {
  const all: Record<string, BySecond> = {};
  for (const [tenant, counter] of counters) {
    forget(counter, oldest);
    if (counter.size === 0) counters.delete(tenant);
    else all[tenant] = Object.fromEntries(counter);
  }
  return all;
}
