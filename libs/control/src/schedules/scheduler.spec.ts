import type { OutgoingMessage } from '@millrace/broker';
import { signature, withOptions } from '@millrace/canvas';
import { Client } from '@millrace/client';
import { decodeTaskMessage } from '@millrace/contracts';
import { ArtifactStore, defaultSettings, FollowUp, HintSender, StepResults } from '@millrace/engine';
import { ManualClock, seededRandom } from '@millrace/kernel';
import { runStoreErrors } from '@millrace/run-store';
import { Router } from '@millrace/tasks';
import { silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore, MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Schedule } from './schedule.js';
import { Scheduler } from './scheduler.js';
import { Schedules } from './schedules.js';

const start = Date.UTC(2026, 0, 1, 0, 0, 30);
const canvas = signature('reports.daily');

let clock: ManualClock;
let documents: MemoryDocumentStore;
let runs: MemoryRunStore;
let sent: string[];

beforeEach(() => {
  clock = new ManualClock(start);
  documents = new MemoryDocumentStore(clock);
  runs = new MemoryRunStore();
  sent = [];
});

/** A process's own client and stores over the shared ones. */
function scheduler(declared: readonly Schedule[] = [], ownRuns = new MemoryRunStore(runs)): Scheduler {
  const ownDocuments = new MemoryDocumentStore(clock, documents);
  const router = new Router([{ task: '**', queue: 'work' }], [{ name: 'work', leaseMs: 4_000, maxDeliveries: 10 }]);
  const publish = async (messages: readonly OutgoingMessage[]) => (sent.push(...messages.map(({ body }) => decodeTaskMessage(body).run)), []);
  const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: false, groupsTakeTurns: false };
  const base = { clock, random: seededRandom(1), log: silentLog, settings: defaultSettings };
  const client = new Client({
    ...base,
    runs: ownRuns,
    documents: ownDocuments,
    results: new StepResults(new ArtifactStore(new MemoryBlobStore())),
    followUp: new FollowUp(ownRuns, base),
    hints: new HintSender({ publish, capabilities }, router, base),
  });
  return new Scheduler(new Schedules(ownDocuments, declared), { documents: ownDocuments, client, clock, log: silentLog });
}

/** Ids of the runs that were begun, as their first hints tell. */
const begun = (): readonly string[] => sent.toSorted();

const minutely: Schedule = { name: 'every-minute', cron: '* * * * *', canvas };

describe('a scheduler', () => {
  it('begins one run for each tick, named after it', async () => {
    await scheduler([minutely]).start();
    await clock.advance(3 * 60_000);
    expect(begun()).toEqual(['tick_every_minute_20260101T000100000', 'tick_every_minute_20260101T000200000', 'tick_every_minute_20260101T000300000']);
    expect(await runs.read('tick_every_minute_20260101T000200000')).toMatchObject({ tenant: 'default', canvas });
  });

  it('begins exactly one run for each tick when five race on one store', async () => {
    for (let i = 0; i < 5; i++) await scheduler([minutely, { name: 'fast', everyMs: 1_000, canvas, tenant: 'acme' }]).start();
    await clock.advance(60_000);
    const expected = Array.from({ length: 60 }, (_, i) => `tick_fast_${new Date(Date.UTC(2026, 0, 1, 0, 0, 31 + i)).toISOString().replaceAll(/[-:.Z]/g, '')}`);
    expect(begun()).toEqual(['tick_every_minute_20260101T000100000', ...expected].toSorted());
    expect(await runs.read(expected[0]!)).toMatchObject({ tenant: 'acme' });
  });

  it('takes over from one that was killed, without a gap and without a run twice', async () => {
    const first = scheduler([minutely]);
    await first.start();
    await clock.advance(60_000);
    await first.stop();
    await clock.advance(20_000);
    await scheduler([minutely]).start();
    await clock.advance(100_000);
    expect(begun()).toHaveLength(3);
  });

  it.each([
    ['skip', []],
    ['once', ['tick_every_minute_20260101T001000000']],
  ] as const)('with "%s" begins of the ticks that all schedulers missed: %j', async (missed, expected) => {
    const first = scheduler([{ ...minutely, missed }]);
    await first.start();
    await first.stop();
    await clock.advance(10 * 60_000 + 15_000);
    await scheduler([{ ...minutely, missed }]).start();
    expect(begun()).toEqual(expected);
    await clock.advance(15_000);
    expect(begun().at(-1)).toBe('tick_every_minute_20260101T001100000');
  });

  it('lets a tick go that was missed by more than 30 seconds, and takes one that is a little late', async () => {
    const first = scheduler([minutely]);
    await first.start();
    await first.stop();
    await clock.advance(55_000);
    await scheduler([minutely]).start();
    expect(begun()).toEqual(['tick_every_minute_20260101T000100000']);
  });

  it('sees schedules that are added, changed and removed while it works', async () => {
    const byHand = new Schedules(documents);
    await scheduler().start();
    await byHand.put({ name: 'added', everyMs: 10_000, canvas });
    await clock.advance(0);
    await clock.advance(20_000);
    expect(begun()).toHaveLength(2);
    await byHand.put({ name: 'added', everyMs: 60_000, canvas });
    await clock.advance(0);
    await clock.advance(60_000);
    expect(begun()).toHaveLength(3);
    expect(await byHand.remove('added')).toBe(true);
    await clock.advance(0);
    await clock.advance(120_000);
    expect(begun()).toHaveLength(3);
  });

  it('goes on with its other schedules, and with the next tick, when a run cannot be begun', async () => {
    await scheduler([{ name: 'broken', everyMs: 10_000, canvas: withOptions(canvas, { queue: 'nowhere' }) }, { name: 'sound', everyMs: 10_000, canvas }]).start();
    await clock.advance(30_000);
    expect(begun()).toHaveLength(3);
    const [broken] = await new Schedules(documents).views(clock.now());
    expect(broken).toMatchObject({ name: 'broken', nextAt: clock.now() + 10_000 });
  });

  it('tries a tick again after trouble with a store, and begins it once', async () => {
    let troubles = 3;
    const create = runs.create.bind(runs);
    const each = scheduler([minutely], Object.assign(runs, { create: (...given: Parameters<typeof create>) => (troubles-- > 0 ? Promise.reject(runStoreErrors.error('MILLRACE_RUN_STORE_UNAVAILABLE', 'away')) : create(...given)) }));
    await each.start();
    await clock.advance(32_000);
    expect(begun()).toEqual([]);
    await clock.advance(2_000);
    expect(begun()).toEqual(['tick_every_minute_20260101T000100000']);
  });

  it('shows where schedules stand, also those that only its code knows', async () => {
    const byHand = new Schedules(documents);
    await byHand.put({ name: 'added', cron: '0 3 * * *', timezone: 'Europe/Berlin', canvas });
    await scheduler([minutely]).start();
    await clock.advance(60_000);
    const at = (text: string) => Date.parse(text);
    expect(await byHand.views(clock.now())).toMatchObject([
      { name: 'added', added: true, nextAt: at('2026-01-01T02:00:00Z') },
      { name: 'every-minute', added: false, nextAt: at('2026-01-01T00:02:00Z'), lastAt: at('2026-01-01T00:01:00Z'), lastRun: 'tick_every_minute_20260101T000100000' },
    ]);
  });
});
