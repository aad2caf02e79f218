import { describe, expect, it } from 'vitest';
import { ManualClock } from './manual-clock.js';
import { Paced } from './paced.js';

/** When each call was handed on, in milliseconds from the beginning. */
function rig(everyMs: () => number) {
  const clock = new ManualClock(0);
  const calls: number[] = [];
  return { clock, calls, paced: new Paced(() => calls.push(clock.now()), clock, everyMs) };
}

describe('paced calls', () => {
  it('after a silence are handed on at once', async () => {
    const { clock, calls, paced } = rig(() => 3_000);
    paced.ask();
    await clock.advance(10_000);
    paced.ask();
    expect(calls).toEqual([0, 10_000]);
  });

  it('that come every second are handed on every third', async () => {
    const { clock, calls, paced } = rig(() => 3_000);
    for (let i = 0; i < 10; i++) {
      paced.ask();
      await clock.advance(1_000);
    }
    expect(calls).toEqual([0, 3_000, 6_000, 9_000]);
  });

  it('are never lost: the last is handed on when its time comes', async () => {
    const { clock, calls, paced } = rig(() => 3_000);
    for (let i = 0; i < 5; i++) paced.ask();
    await clock.advance(20_000);
    expect(calls).toEqual([0, 3_000]);
  });

  it('are all handed on while there is no pace, and none after the stop', async () => {
    let pace = 0;
    const { clock, calls, paced } = rig(() => pace);
    for (let i = 0; i < 3; i++) paced.ask();
    pace = 3_000;
    paced.ask();
    paced.ask();
    paced.stop();
    await clock.advance(5_000);
    expect(calls).toEqual([0, 0, 0, 0]);
  });
});
