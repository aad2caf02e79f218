import { nextTick } from 'node:process';

/** Wall-clock time in milliseconds since the epoch, and timers that follow it. The only source of time outside adapters. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May step when the host's clock is corrected. */
  now(): number;
  /** Milliseconds from an arbitrary origin; never goes back. For durations. */
  monotonic(): number;
  /** Calls `fire` once after `ms` milliseconds; the returned function cancels it. Never keeps the process alive by itself. */
  after(ms: number, fire: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, fire) => {
    const timer = setTimeout(fire, Math.max(0, ms));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves when the microtasks that are due, and those that they make due, have run. */
export const allMicrotasks = (): Promise<void> => new Promise((resolve) => queueMicrotask(() => nextTick(resolve)));

/** Resolves in the next turn of the event loop, after whatever this one still brings. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Resolves after `ms` milliseconds, or at once when `signal` aborts; never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const wake = () => {
      cancel();
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const cancel = clock.after(ms, wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}

/** Calls `tick` every `ms` milliseconds, the next one only after the last has ended; the returned function stops it. */
export function every(clock: Clock, ms: number, tick: () => Promise<void>): () => void {
  let stopped = false;
  let cancel = clock.after(ms, run);
  function run(): void {
    void tick().finally(() => {
      if (!stopped) cancel = clock.after(ms, run);
    });
  }
  return () => {
    stopped = true;
    cancel();
  };
}
