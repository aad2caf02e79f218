import type { Outcome } from '@millrace/bench';
import type { CallbackReceiver, ReceivedCallback } from '@millrace/local-stack';
import { expect, it } from 'vitest';
import { untilAnswering } from './answer.js';

const right = {
  'bench-b.largest': { largest: 281.25 },
  'bench-a.sum': { sum: 935 },
  'bench-a.mean': { mean: 233.75 },
  'bench-b.sum': { sum: 935 },
  'bench-c.spread': { spread: 145 },
};
const completed: Outcome = { status: 'completed', begunAt: 0, acceptedAt: 1, endedAt: 2 };
const refused: Outcome = { status: 'refused', begunAt: 0, reason: 'connect ECONNREFUSED' };
const alive = { pids: () => [], requireAlive: () => {} };

/** A system with these outcomes, one for each ingestion, and these insights in each callback. */
function system(outcomes: Outcome[], insights: unknown) {
  const listeners: Array<(callback: ReceivedCallback) => void> = [];
  const onCallback: CallbackReceiver['onCallback'] = (listener) => {
    listeners.push(listener);
    return () => void listeners.pop();
  };
  const ingest = async (): Promise<Outcome> => {
    const outcome = outcomes.shift()!;
    const body = Buffer.from(JSON.stringify({ data: { insights } }));
    if (outcome.endedAt !== undefined) for (const listener of listeners) listener({ path: '/', headers: {}, body, receivedAt: 2 });
    return outcome;
  };
  return { ingester: { ingest }, receiver: { onCallback } };
}

it('waits while a system is not up yet, until it answers rightly', async () => {
  const outcomes = [refused, refused, completed];
  const { ingester, receiver } = system(outcomes, right);
  await untilAnswering(ingester, receiver, alive);
  expect(outcomes).toEqual([]);
});

it.each([
  ['a wrong value', completed, { ...right, 'bench-c.spread': { spread: 0 } }],
  ['one insight too few', completed, { 'bench-a.sum': { sum: 935 } }],
  ['a partial outcome', { ...completed, status: 'partial' } as const, right],
  ['a wrong signature', { ...completed, status: 'unsigned' } as const, right],
])('refuses %s', async (_, outcome, insights) => {
  const { ingester, receiver } = system([outcome], insights);
  await expect(untilAnswering(ingester, receiver, alive)).rejects.toMatchObject({ code: 'MILLRACE_COMPARE_ANSWER' });
});

it('gives up when the callback does not come', async () => {
  const { ingester, receiver } = system([{ status: 'missing', begunAt: 0, acceptedAt: 1 }], right);
  await expect(untilAnswering(ingester, receiver, alive)).rejects.toMatchObject({ code: 'MILLRACE_COMPARE_PROCESS' });
});

it('gives up when a process has ended meanwhile', async () => {
  const gone = new Error('web ended');
  const { ingester, receiver } = system([refused, completed], right);
  const requireAlive = () => {
    throw gone;
  };
  await expect(untilAnswering(ingester, receiver, { ...alive, requireAlive })).rejects.toBe(gone);
});
