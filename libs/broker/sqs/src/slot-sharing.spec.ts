import { ManualClock, Slots } from '@millrace/kernel';
import { beforeEach, describe, expect, it } from 'vitest';
import { HangUp } from './hang-up.js';
import { SlotSharing } from './slot-sharing.js';

const { signal } = new AbortController();
let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

function shared(size: number, consumers: number): { slots: Slots; sharing: SlotSharing } {
  const slots = new Slots(size);
  const sharing = new SlotSharing(slots);
  for (let i = 0; i < consumers; i++) sharing.join();
  return { slots, sharing };
}

/** A receive under way, as long as nobody hangs up. */
function waitingPoll(sharing: SlotSharing) {
  const hangUp = new HangUp(clock);
  const asked: number[] = [];
  void sharing.poll(hangUp, (waitSeconds) => {
    asked.push(waitSeconds);
    return new Promise<void>((resolve) => hangUp.signal.addEventListener('abort', () => resolve()));
  });
  return { hangUp, asked };
}

describe('the slots for one receive', () => {
  it.each([
    { size: 4, consumers: 1, busy: false, taken: 4 },
    { size: 100, consumers: 1, busy: false, taken: 10 },
    { size: 8, consumers: 3, busy: false, taken: 2 },
    { size: 8, consumers: 3, busy: true, taken: 8 },
    { size: 1, consumers: 5, busy: false, taken: 1 },
  ])('are $taken of $size for one of $consumers consumers, busy: $busy', async ({ size, consumers, busy, taken }) => {
    expect(await shared(size, consumers).sharing.take(busy, signal)).toBe(taken);
  });
});

describe('a poll', () => {
  it('waits long when nobody lacks a slot', () => {
    expect(waitingPoll(shared(2, 2).sharing).asked).toEqual([20]);
  });

  it('waits shortly when another consumer waits for a slot', async () => {
    const { sharing } = shared(1, 2);
    await sharing.take(false, signal);
    const abort = new AbortController();
    const other = sharing.take(false, abort.signal);
    expect(waitingPoll(sharing).asked).toEqual([1]);
    abort.abort();
    expect(await other).toBe(0);
    expect(waitingPoll(sharing).asked).toEqual([20]);
  });

  it('that waits long makes room for a consumer with no slot, but not before it had time to answer', async () => {
    const { sharing } = shared(1, 2);
    await sharing.take(false, signal);
    const { hangUp } = waitingPoll(sharing);
    await clock.advance(100);
    sharing.preempt();
    expect(hangUp.signal.aborted).toBe(false);
    await clock.advance(400);
    expect(hangUp.signal.aborted).toBe(true);
  });

  it('is left alone while there are free slots', async () => {
    const { sharing } = shared(2, 2);
    await sharing.take(false, signal);
    const { hangUp } = waitingPoll(sharing);
    await clock.advance(1000);
    sharing.preempt();
    expect(hangUp.signal.aborted).toBe(false);
  });
});
