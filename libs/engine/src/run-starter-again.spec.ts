import { Readable } from 'node:stream';
import { signature } from '@millrace/canvas';
import { ManualClock, seededRandom } from '@millrace/kernel';
import { Router } from '@millrace/tasks';
import { silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArtifactStore } from './artifact-store.js';
import { FollowUp } from './follow-up.js';
import { HintSender } from './hint-sender.js';
import { RunStarter, type StartRequest } from './run-starter.js';
import { defaultSettings } from './settings.js';

const request: StartRequest = {
  id: 'ing_of_key_1',
  tenant: 'default',
  canvas: signature('process.initiate', null),
  contentType: 'text/csv',
  callbackUrl: 'https://example.com/hook',
  budgetMs: 10_000,
  maxBytes: 1_000,
};
let clock: ManualClock;
let blobs: MemoryBlobStore;
let runs: MemoryRunStore;
let hinted: number;

const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: false, groupsTakeTurns: false };

function starter(): RunStarter {
  const router = new Router([{ task: '**', queue: 'work' }], [{ name: 'work', leaseMs: 4_000, maxDeliveries: 10 }]);
  const base = { clock, random: seededRandom(3), log: silentLog, settings: defaultSettings };
  const publish = async (messages: readonly unknown[]): Promise<[]> => {
    hinted += messages.length;
    return [];
  };
  return new RunStarter(runs, blobs, new HintSender({ publish, capabilities }, router, base), { ...base, followUp: new FollowUp(runs, base) });
}

const start = (text: string, more: Partial<StartRequest> = {}) => starter().start({ ...request, ...more }, Readable.from([Buffer.from(text)]));

beforeEach(() => {
  clock = new ManualClock();
  blobs = new MemoryBlobStore();
  runs = new MemoryRunStore();
  hinted = 0;
});

describe('a request with an id', () => {
  it('begins a run of that id', async () => {
    expect(await start('abc')).toMatchObject({ run: { id: 'ing_of_key_1', status: 'received' }, replayed: false });
  });

  it('that comes again gives the run that is there, however far it has got', async () => {
    const { run: first } = await start('abc');
    await runs.claim(first.id, { step: '0', sweepAt: clock.now() });
    await clock.advance(5_000);
    expect(await start('abc')).toEqual({ run: await runs.read(first.id), replayed: true });
    expect(await runs.due(Infinity, 10)).toEqual([first.id]);
  });

  it('that comes again after it was cut off before the commit begins the run then, of the data that is there', async () => {
    const cut = starter();
    const { create } = runs;
    runs.create = () => Promise.reject(new Error('no answer'));
    await expect(cut.start(request, Readable.from([Buffer.from('abc')]))).rejects.toThrow('no answer');
    runs.create = create.bind(runs);
    await clock.advance(3_000);
    const { run, replayed } = await start('abc', { filename: 'named-later.csv' });
    expect(replayed).toBe(false);
    expect(run).toMatchObject({ status: 'received', createdAt: clock.now(), deadlineAt: clock.now() + 10_000 });
    expect(new TextDecoder().decode(await new ArtifactStore(blobs).read(run.raw!))).toBe('abc');
    expect(hinted).toBe(1);
  });

  it.each([
    ['other data', 'xyz', {}],
    ['another callback', 'abc', { callbackUrl: 'https://example.com/other' }],
    ['no callback', 'abc', { callbackUrl: undefined }],
    ['another tenant', 'abc', { tenant: 'other' }],
    ['another canvas', 'abc', { canvas: signature('process.initiate', ['orders']) }],
    ['another content type', 'abc', { contentType: 'application/x-ndjson' }],
    ['other terms', 'abc', { terms: { priority: 3 } }],
  ])('that comes again with %s is refused, before the commit and after', async (_, text, { ...more }) => {
    const { callbackUrl, ...rest } = { ...request, ...more };
    const again = () => starter().start({ ...rest, ...(callbackUrl === undefined ? {} : { callbackUrl }) }, Readable.from([Buffer.from(text)]));
    const { run: first } = await start('abc');
    await expect(again()).rejects.toMatchObject({ code: 'MILLRACE_INGESTION_CONFLICT', retryable: false, detail: { id: first.id } });
    runs = new MemoryRunStore();
    await expect(again()).rejects.toMatchObject({ code: 'MILLRACE_INGESTION_CONFLICT' });
    expect(await runs.read(first.id)).toBeUndefined();
  });

  it('is known by its fingerprint alone where it has one, as the data then says where it was put', async () => {
    const terms = { fingerprint: 'ab'.repeat(32) };
    const { run } = await start('kept here', { terms });
    expect(await start('kept there', { terms })).toMatchObject({ run: { id: run.id }, replayed: true });
    await expect(start('kept here', { terms: { fingerprint: 'cd'.repeat(32) } })).rejects.toMatchObject({ code: 'MILLRACE_INGESTION_CONFLICT' });
    await expect(start('kept here')).rejects.toMatchObject({ code: 'MILLRACE_INGESTION_CONFLICT' });
  });

  it('that comes twice at once begins one run', async () => {
    const [one, other] = await Promise.all([start('abc'), start('abc')]);
    expect(other.run.id).toBe(one.run.id);
    expect([one.replayed, other.replayed].toSorted()).toEqual([false, true]);
    expect(await runs.read(one.run.id)).toMatchObject({ status: 'received', rev: 1 });
  });
});
