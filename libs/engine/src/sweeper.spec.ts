import type { OutgoingMessage } from '@millrace/broker';
import { chain, group, signature } from '@millrace/canvas';
import { decodeTaskMessage } from '@millrace/contracts';
import { ManualClock } from '@millrace/kernel';
import { Router } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { FollowUp } from './follow-up.js';
import { HintSender } from './hint-sender.js';
import { defaultSettings } from './settings.js';
import { Sweeper } from './sweeper.js';

const canvas = chain(group([signature('a.one'), signature('a.two')]), signature('a.three'));
let clock: ManualClock;
let runs: MemoryRunStore;
let sent: OutgoingMessage[];
let sweeper: Sweeper;

const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: false, groupsTakeTurns: false };

beforeEach(async () => {
  clock = new ManualClock();
  runs = new MemoryRunStore();
  sent = [];
  const router = new Router([{ task: '**', queue: 'work' }], [{ name: 'work', leaseMs: 4_000, maxDeliveries: 10 }]);
  const publish = async (messages: readonly OutgoingMessage[]) => (sent.push(...messages), []);
  const base = { clock, log: silentLog, metrics: new Metrics('test'), settings: defaultSettings };
  sweeper = new Sweeper(runs, new FollowUp(runs, base), new HintSender({ publish, capabilities }, router, base), base);
  const now = clock.now();
  const raw = { key: 'raw/x', bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv' };
  await runs.create({ id: 'r', tenant: 'default', canvas, raw, callback: { url: 'https://example.com/hook' }, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000 }, now + 2_000);
});

const steps = () => sent.map((message) => decodeTaskMessage(message.body).step);
const timing = { claimedAt: 0, settledAt: 0, handlerMs: 0 };

describe('Sweeper', () => {
  it('leaves a run alone that is not due', async () => {
    await clock.advance(1_999);
    expect(await sweeper.sweep()).toBe(0);
    expect(sent).toEqual([]);
  });

  it('sends the hints of a run that came to a halt, under a new epoch and so a new id', async () => {
    await clock.advance(2_000);
    await sweeper.sweep();
    expect(steps()).toEqual(['0', '1']);
    expect(sent.map((message) => message.id)).toEqual(['r-0-1', 'r-1-1']);
  });

  it('sends only what is ready and not settled', async () => {
    await runs.claim('r', { step: '0', sweepAt: clock.now() + 2_000 });
    await runs.settle('r', { step: '0', sweepAt: clock.now() + 2_000 }, { status: 'succeeded', result: { inline: 1 }, timing });
    await clock.advance(2_000);
    await sweeper.sweep();
    expect(steps()).toEqual(['1']);
  });

  it('waits twice as long each time, and then for the time to freeze the outcome', async () => {
    const swept: number[] = [];
    const start = clock.now();
    for (let t = 0; t <= 12_000; t += 500) {
      if ((await sweeper.sweep()) > 0) swept.push(clock.now() - start);
      await clock.advance(500);
    }
    expect(swept).toEqual([2_000, 6_000, 9_000]);
    expect(steps().at(-1)).toBe('callback');
  });

  it('is one of several: each due run is swept once', async () => {
    await clock.advance(2_000);
    const swept = await Promise.all([sweeper.sweep(), sweeper.sweep(), sweeper.sweep()]);
    expect(swept.reduce((a, b) => a + b)).toBe(1);
  });

  it('follows up a delivery that was begun and never ended', async () => {
    await runs.freeze('r', { frozenAt: clock.now() }, clock.now() + 5_000);
    await runs.beginDelivery('r', { now: clock.now(), bodySha256: '', leaseUntil: clock.now() + 5_000 });
    await clock.advance(5_000);
    await sweeper.sweep();
    expect(steps()).toEqual(['callback']);
  });

  it('runs by itself until it is stopped', async () => {
    sweeper.start();
    await clock.advance(2_600);
    expect(sent).toHaveLength(2);
    sweeper.stop();
    await clock.advance(20_000);
    expect(sent).toHaveLength(2);
  });
});
