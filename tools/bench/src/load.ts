import { setTimeout as delay } from 'node:timers/promises';

/** Begins one thing for each arrival, on time whatever became of the earlier ones; resolves when all have ended. */
export async function openLoop<T>(arrivals: readonly number[], begin: () => Promise<T>): Promise<T[]> {
  const start = performance.now();
  const begun: Array<Promise<T>> = [];
  for (const at of arrivals) {
    const wait = start + at - performance.now();
    if (wait > 0) await delay(wait);
    begun.push(begin());
  }
  return await Promise.all(begun);
}

/** Keeps `outstanding` things under way for `seconds`; resolves when the last of them has ended. */
export async function closedLoop<T>(outstanding: number, seconds: number, begin: () => Promise<T>): Promise<T[]> {
  const until = performance.now() + seconds * 1000;
  const ended: T[] = [];
  const lane = async () => {
    while (performance.now() < until) ended.push(await begin());
  };
  await Promise.all(Array.from({ length: outstanding }, lane));
  return ended;
}
