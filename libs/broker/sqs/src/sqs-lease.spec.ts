import { ManualClock } from '@millrace/kernel';
import { beforeEach, expect, it, vi } from 'vitest';
import { SqsLease } from './sqs-lease.js';

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

function leaseWith(prolong: () => Promise<boolean>) {
  const onError = vi.fn<(error: unknown) => void>();
  return { lease: new SqsLease({ leaseMs: 4000, clock, prolong, onError }), onError };
}

it('is lost when it runs out, and cannot be extended then', async () => {
  const prolong = vi.fn<() => Promise<boolean>>(async () => true);
  const { lease } = leaseWith(prolong);
  await clock.advance(3999);
  expect(lease.lost.aborted).toBe(false);
  await clock.advance(1);
  expect(lease.lost.aborted).toBe(true);
  expect(await lease.extend()).toBe(false);
  expect(prolong).not.toHaveBeenCalled();
});

it('lasts from the moment that the extension was asked for', async () => {
  const { lease } = leaseWith(async () => {
    await clock.advance(500);
    return true;
  });
  await clock.advance(1000);
  expect(await lease.extend()).toBe(true);
  await clock.advance(3499);
  expect(lease.lost.aborted).toBe(false);
  await clock.advance(1);
  expect(lease.lost.aborted).toBe(true);
});

it('is lost when SQS says that the message is no longer ours', async () => {
  const { lease } = leaseWith(async () => false);
  expect(await lease.extend()).toBe(false);
  expect(lease.lost.aborted).toBe(true);
});

it('stays as it was when SQS does not answer, until it runs out', async () => {
  const { lease, onError } = leaseWith(async () => Promise.reject(new Error('no route')));
  await clock.advance(1000);
  expect(await lease.extend()).toBe(true);
  expect(onError).toHaveBeenCalledOnce();
  await clock.advance(3000);
  expect(lease.lost.aborted).toBe(true);
});

it('that ran out while the extension was under way is lost, whatever the answer', async () => {
  const { lease } = leaseWith(async () => {
    await clock.advance(4000);
    return true;
  });
  expect(await lease.extend()).toBe(false);
});

it('is not watched after its delivery has ended', async () => {
  const { lease } = leaseWith(async () => true);
  lease.end();
  await clock.advance(10_000);
  expect(lease.lost.aborted).toBe(false);
});
