import { ManualClock } from '@millrace/kernel';
import { expect, test } from 'vitest';
import type { LeasedQueue } from './leased-queue.js';
import { Recovery } from './recovery.js';

const leaseMs = 4_000;

/** A queue with messages at work or without, and when it was looked at. */
function queueWith(clock: ManualClock, atWork: () => boolean) {
  const looks: number[] = [];
  const began = clock.now();
  const queue = { leaseMs, recover: async () => (looks.push(clock.now() - began), atWork()) } as unknown as LeasedQueue;
  return { queue, looks };
}

test('looks twice a second while messages are at work, and else as often as leases last', async () => {
  const clock = new ManualClock();
  let atWork = true;
  const { queue, looks } = queueWith(clock, () => atWork);
  const stop = new Recovery(clock, () => undefined).watch(queue);
  await clock.advance(1_500);
  atWork = false;
  await clock.advance(12_000);
  stop();
  await clock.advance(10_000);
  expect(looks).toEqual([500, 1_000, 1_500, 2_000, 6_000, 10_000]);
});

test('looks soon at a queue that comes later, and again after an error', async () => {
  const clock = new ManualClock();
  const errors: unknown[] = [];
  const recovery = new Recovery(clock, (error) => errors.push(error));
  const idle = queueWith(clock, () => false);
  recovery.watch(idle.queue);
  await clock.advance(1_000);
  const later = queueWith(clock, () => {
    throw new Error('away');
  });
  recovery.watch(later.queue);
  await clock.advance(1_200);
  expect(idle.looks).toEqual([500, 1_500, 2_000]);
  expect(later.looks).toEqual([500, 1_000]);
  expect(errors).toHaveLength(2);
});
