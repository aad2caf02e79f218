import { describe, expect, it } from 'vitest';
import { every, sleep } from './clock.js';
import { ManualClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('fires in order of time, each at its time', async () => {
    const clock = new ManualClock(0);
    const fired: string[] = [];
    clock.after(20, () => fired.push(`b@${clock.now()}`));
    clock.after(10, () => fired.push(`a@${clock.now()}`));
    const cancel = clock.after(15, () => fired.push('never'));
    cancel();
    await clock.advance(30);
    expect(fired).toEqual(['a@10', 'b@20']);
    expect(clock.now()).toBe(30);
  });
});

describe('every', () => {
  it('waits for a tick to end before the next, and stops', async () => {
    const clock = new ManualClock(0);
    const ticks: number[] = [];
    let release: () => void = () => undefined;
    const stop = every(clock, 10, () => {
      ticks.push(clock.now());
      return new Promise((resolve) => (release = resolve));
    });
    await clock.advance(50);
    expect(ticks).toEqual([10]);
    release();
    await clock.advance(0);
    await clock.advance(10);
    expect(ticks).toEqual([10, 60]);
    stop();
    release();
    await clock.advance(100);
    expect(ticks).toHaveLength(2);
  });
});

describe('sleep', () => {
  it('ends early when its signal aborts', async () => {
    const clock = new ManualClock(0);
    const abort = new AbortController();
    const slept = sleep(clock, 1_000, abort.signal);
    abort.abort();
    await slept;
    expect(clock.now()).toBe(0);
  });
});
