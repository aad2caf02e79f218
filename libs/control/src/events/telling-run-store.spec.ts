import { signature } from '@millrace/canvas';
import { ManualClock } from '@millrace/kernel';
import { exerciseRunStore } from '@millrace/run-store-conformance';
import { type Activity, EventBus } from '@millrace/telemetry';
import { MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { TellingRunStore } from './telling-run-store.js';

const heard = new EventBus('heard', new ManualClock());
heard.listen(() => undefined);
const first = new MemoryRunStore();
exerciseRunStore('telling', { create: () => new TellingRunStore(new MemoryRunStore(first), heard) });

describe('what a run store tells', () => {
  let told: Array<Omit<Activity, 'version' | 'at' | 'source'>>;
  let runs: TellingRunStore;

  const head = { id: 'run_1', tenant: 'acme', canvas: signature('n.add'), createdAt: 1, finaliseAt: 2, deadlineAt: 3 };
  const callback = { url: 'http://127.0.0.1/' };
  const timing = { claimedAt: 1, settledAt: 2, handlerMs: 1 };
  const attempt = { attempt: 1, entry: { at: 1, ms: 1 } };

  beforeEach(() => {
    told = [];
    const events = new EventBus('p', new ManualClock());
    events.listen(({ version: _version, at: _at, source: _source, ...activity }) => told.push(activity));
    runs = new TellingRunStore(new MemoryRunStore(), events);
  });

  it('of a run that is finished along with its last settlement, once', async () => {
    await runs.create(head, 5);
    await runs.create(head, 5);
    await runs.claim('run_1', { step: '0', sweepAt: 5 });
    for (let i = 0; i < 2; i++) await runs.settle('run_1', { step: '0', sweepAt: 5 }, { status: 'succeeded', result: { inline: 1 }, timing }, { finish: { frozenAt: 2 } });
    await runs.finish('run_1', { frozenAt: 2 });
    expect(told).toEqual([{ type: 'run.accepted', run: 'run_1', tenant: 'acme' }, { type: 'run.finished', run: 'run_1', tenant: 'acme' }]);
  });

  it('of a run that is cancelled, and why', async () => {
    await runs.create(head, 5);
    await runs.cancel('run_1', { frozenAt: 2, reason: 'sent twice' });
    await runs.cancel('run_1', { frozenAt: 3, reason: 'again' });
    expect(told.slice(1)).toEqual([{ type: 'run.cancelled', run: 'run_1', reason: 'sent twice' }]);
  });

  it.each([['delivered', 'run.delivered'], ['exhausted', 'run.undelivered'], ['endpoint-disabled', 'run.undelivered']] as const)('of a callback that is %s, after attempts that tell nothing', async (status, type) => {
    await runs.create({ ...head, callback }, 5);
    await runs.freeze('run_1', { frozenAt: 2 }, 5);
    await runs.beginDelivery('run_1', { now: 10, bodySha256: 'a', leaseUntil: 20 });
    await runs.endDelivery('run_1', { ...attempt, status: 'delivering', nextAt: 30 });
    await runs.beginDelivery('run_1', { now: 30, bodySha256: 'a', leaseUntil: 40 });
    await runs.endDelivery('run_1', { ...attempt, attempt: 2, status });
    expect(told.slice(1)).toEqual([{ type: 'run.finished', run: 'run_1', tenant: 'acme' }, { type, run: 'run_1', attempts: 2 }]);
  });
});
