import { expect, it } from 'vitest';
import { closedLoop, openLoop } from './load.js';

it('begins on schedule without waiting for earlier ones', async () => {
  const begun: number[] = [];
  const all: Array<() => void> = [];
  const { promise: last, resolve: lastBegun } = Promise.withResolvers<void>();
  const outcomes = openLoop([0, 5, 5, 30], () => {
    begun.push(performance.now());
    const { promise, resolve } = Promise.withResolvers<number>();
    const n = begun.length;
    all.push(() => resolve(n));
    if (n === 4) lastBegun();
    return promise;
  });
  await last;
  expect(begun[3]! - begun[0]!).toBeGreaterThanOrEqual(25);
  for (const end of all.toReversed()) end();
  expect(await outcomes).toEqual([1, 2, 3, 4]);
});

it('never has more under way than told, and begins another when one ends', async () => {
  let underWay = 0;
  let most = 0;
  const ended = await closedLoop(3, 0.05, async () => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    return underWay--;
  });
  expect(most).toBe(3);
  expect(ended.length).toBeGreaterThan(3);
  expect(underWay).toBe(0);
});
