import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Ingester } from '@millrace/bench';
import { type CallbackReceiver, eventOf } from '@millrace/local-stack';
import { compareErrors } from '../errors.js';
import type { Running } from '../turns.js';

const readyWithinMs = 60_000;
const pollMs = 100;

/** What the sample has in it: totals of 281.25, 266.25, 251.25 and 136.25. */
const insights = {
  'bench-a.sum': { sum: 935 },
  'bench-a.mean': { mean: 233.75 },
  'bench-b.sum': { sum: 935 },
  'bench-b.largest': { largest: 281.25 },
  'bench-c.spread': { spread: 145 },
};

/** Resolves when a first ingestion came back with the right insights. Throws MILLRACE_COMPARE_PROCESS, MILLRACE_COMPARE_ANSWER. */
export async function untilAnswering(ingester: Pick<Ingester, 'ingest'>, receiver: Pick<CallbackReceiver, 'onCallback'>, running: Running): Promise<void> {
  let answer: unknown;
  const off = receiver.onCallback((callback) => (answer = eventOf(callback).data.insights));
  const until = performance.now() + readyWithinMs;
  let outcome = await ingester.ingest();
  while (outcome.status === 'refused' && performance.now() < until) {
    running.requireAlive();
    await delay(pollMs);
    outcome = await ingester.ingest();
  }
  off();
  running.requireAlive();
  if (outcome.status === 'refused' || outcome.status === 'missing') throw compareErrors.error('MILLRACE_COMPARE_PROCESS', `no callback came of the first ingestion: ${outcome.reason ?? outcome.status}`);
  if (outcome.status === 'completed' && isDeepStrictEqual(answer, insights)) return;
  throw compareErrors.error('MILLRACE_COMPARE_ANSWER', `the first callback was ${outcome.status} and said ${JSON.stringify(answer)}`);
}
