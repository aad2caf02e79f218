import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe('Slots', () => {
  it('never gives more than it has, and wakes who waits', async () => {
    const slots = new Slots(2);
    expect(await slots.take(5)).toBe(2);
    const waiting = slots.take(1);
    expect(slots.free).toBe(0);
    slots.give();
    expect(await waiting).toBe(1);
    expect(slots.busy).toBe(2);
  });

  it('gives nothing to who has stopped waiting, and passes the slot on', async () => {
    const slots = new Slots(1);
    await slots.take(1);
    const gone = new AbortController();
    const first = slots.take(1, gone.signal);
    const second = slots.take(1);
    gone.abort();
    expect(await first).toBe(0);
    slots.give();
    expect(await second).toBe(1);
  });

  it('passes on a slot whose taker stopped waiting in the very moment it was given', async () => {
    const slots = new Slots(1);
    await slots.take(1);
    const gone = new AbortController();
    const first = slots.take(1, gone.signal);
    const second = slots.take(1);
    slots.give();
    gone.abort();
    expect(await first).toBe(0);
    expect(await second).toBe(1);
  });

  it('is idle when everything has been given back', async () => {
    const slots = new Slots(3);
    await slots.take(2);
    let idle = false;
    const waiting = slots.idle().then(() => (idle = true));
    slots.give();
    await Promise.resolve();
    expect(idle).toBe(false);
    slots.give();
    await waiting;
    expect(slots.free).toBe(3);
  });
});
