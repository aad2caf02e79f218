import { setTimeout as delay } from 'node:timers/promises';
import { compareErrors } from './errors.js';
import type { Running } from './turns.js';

const lookMs = 500;

/** What `work` comes to. Throws MILLRACE_COMPARE_PROCESS as soon as a process has ended, or after `withinSeconds`. */
export async function watched<T>(work: Promise<T>, running: Pick<Running, 'requireAlive'>, withinSeconds: number): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([work, watch(running, withinSeconds, over.signal)]);
  } finally {
    over.abort();
  }
}

async function watch(running: Pick<Running, 'requireAlive'>, withinSeconds: number, over: AbortSignal): Promise<never> {
  for (let leftMs = withinSeconds * 1000; leftMs > 0; leftMs -= lookMs) {
    await delay(lookMs, undefined, { signal: over });
    running.requireAlive();
  }
  throw compareErrors.error('MILLRACE_COMPARE_PROCESS', `a system was not done within ${withinSeconds} s`);
}
