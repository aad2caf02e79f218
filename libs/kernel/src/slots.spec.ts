import fc from 'fast-check';
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

describe('Slots that change their size', () => {
  it('wake who waits when there are more', async () => {
    const slots = new Slots(0);
    const waiting = slots.take(5);
    slots.resize(2);
    expect(await waiting).toBe(2);
  });

  it('give none while more are taken than there are', async () => {
    const slots = new Slots(3);
    await slots.take(3);
    slots.resize(1);
    slots.give(2);
    expect([slots.free, slots.busy]).toEqual([0, 1]);
    slots.give();
    expect([slots.free, slots.busy]).toEqual([1, 0]);
  });
});

describe('Slots with common ones', () => {
  const queues = (common: number, ...own: readonly number[]) => {
    const shared = new Slots(common);
    return own.map((each) => new Slots(each, shared));
  };

  it('are never all taken by others', async () => {
    const [first, second] = queues(2, 1, 1) as [Slots, Slots];
    expect(await first.take(10)).toBe(3);
    expect(await second.take(10)).toBe(1);
    expect([first.free, second.free]).toEqual([0, 0]);
  });

  it('give back what they have borrowed first, to whoever waits for it', async () => {
    const [first, second] = queues(1, 1, 1) as [Slots, Slots];
    await first.take(2);
    await second.take(1);
    const waiting = second.take(1);
    first.give();
    expect(await waiting).toBe(1);
    expect([first.busy, second.busy]).toEqual([1, 2]);
  });

  it('keep to their sizes and lose no wake-up, whatever is taken and given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 4 })), { maxLength: 40 }), async (takes) => {
        const own = [1, 2, 1];
        const users = queues(2, ...own);
        const served = takes.map(async ([user, most]) => {
          const slots = users[user] as Slots;
          const taken = await slots.take(most);
          expect(users.reduce((sum, { busy }) => sum + busy, 0)).toBeLessThanOrEqual(6);
          await Promise.resolve();
          slots.give(taken);
        });
        await Promise.all(served);
        expect(users.map(({ busy }) => busy)).toEqual([0, 0, 0]);
        expect(users.map(({ free }) => free)).toEqual(own.map((each) => each + 2));
      }),
    );
  });
});
