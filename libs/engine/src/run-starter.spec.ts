import { Readable } from 'node:stream';
import type { OutgoingMessage } from '@millrace/broker';
import { signature } from '@millrace/canvas';
import { ManualClock, seededRandom } from '@millrace/kernel';
import { Router } from '@millrace/tasks';
import { silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArtifactStore } from './artifact-store.js';
import { FollowUp } from './follow-up.js';
import { HintSender } from './hint-sender.js';
import { RunStarter } from './run-starter.js';
import { defaultSettings } from './settings.js';

const request = {
  tenant: 'default',
  canvas: signature('process.initiate', null),
  contentType: 'text/csv',
  filename: 'week.csv',
  callbackUrl: 'https://example.com/hook',
  budgetMs: 10_000,
  maxBytes: 1_000,
};
let blobs: MemoryBlobStore;
let runs: MemoryRunStore;
let publish: (messages: readonly OutgoingMessage[]) => Promise<[]>;
let hints: HintSender;
let starter: RunStarter;

const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: false, groupsTakeTurns: false };

beforeEach(() => {
  blobs = new MemoryBlobStore();
  runs = new MemoryRunStore();
  publish = async () => [];
  const router = new Router([{ task: '**', queue: 'work' }], [{ name: 'work', leaseMs: 4_000, maxDeliveries: 10 }]);
  const base = { clock: new ManualClock(), random: seededRandom(3), log: silentLog, settings: defaultSettings };
  hints = new HintSender({ publish: (messages) => publish(messages), capabilities }, router, base);
  starter = new RunStarter(runs, blobs, hints, { ...base, followUp: new FollowUp(runs, base) });
});

const stored = async () => {
  const keys: string[] = [];
  for await (const key of blobs.list('')) keys.push(key);
  return keys;
};

describe('RunStarter', () => {
  it('keeps the payload, with a manifest before it from which the record could be made again', async () => {
    const { run } = await starter.start(request, Readable.from([Buffer.from('a,b\n'), Buffer.from('1,2\n')]));
    expect(new TextDecoder().decode(await new ArtifactStore(blobs).read(run.raw!))).toBe('a,b\n1,2\n');
    const object = new TextDecoder().decode(await blobs.get(run.raw!.key));
    const manifest = JSON.parse(object.split('\n')[0] ?? '') as Record<string, unknown>;
    const { raw, status: _status, rev: _rev, epoch: _epoch, sweepAt: _sweepAt, steps: _steps, ...head } = run;
    expect(manifest).toEqual({ ...head, raw: { contentType: raw!.contentType, filename: raw!.filename } });
  });

  it('knows the hash and length of what came', async () => {
    const { run } = await starter.start(request, Readable.from([Buffer.from('abc')]));
    expect(run.raw).toMatchObject({ bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', filename: 'week.csv' });
  });

  it('writes the data before the record, and both before the hint', async () => {
    const order: string[] = [];
    publish = async () => {
      order.push(`hint after ${(await stored()).length} object and ${(await runs.due(Infinity, 10)).length} record`);
      return [];
    };
    await starter.start(request, Readable.from([Buffer.from('abc')]));
    await hints.flush();
    expect(order).toEqual(['hint after 1 object and 1 record']);
  });

  it('accepts although the hint cannot be sent: the sweeper will', async () => {
    publish = () => Promise.reject(new Error('broker away'));
    const { run } = await starter.start(request, Readable.from([Buffer.from('abc')]));
    expect(await runs.read(run.id)).toMatchObject({ status: 'received', sweepAt: run.createdAt + 2_000 });
  });

  it.each([
    ['nothing was sent', Readable.from([]), 'MILLRACE_INGESTION_EMPTY'],
    ['too much was sent', Readable.from([Buffer.alloc(2_000)]), 'MILLRACE_BLOB_TOO_LARGE'],
  ])('leaves nothing behind when %s', async (_, payload, code) => {
    await expect(starter.start(request, payload)).rejects.toMatchObject({ code });
    expect(await stored()).toEqual([]);
    expect(await runs.due(Infinity, 10)).toEqual([]);
  });

  it('says so, too, when the store begins to read only after the payload has failed', async () => {
    const { putIfAbsent } = blobs;
    blobs.putIfAbsent = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return putIfAbsent.apply(blobs, args);
    };
    await expect(starter.start(request, Readable.from([]))).rejects.toMatchObject({ code: 'MILLRACE_INGESTION_EMPTY' });
  });

  it('leaves nothing behind when the client goes away in the middle', async () => {
    const payload = new Readable({ read() {} });
    payload.push('abc');
    const started = starter.start(request, payload);
    payload.destroy(new Error('aborted'));
    await expect(started).rejects.toThrow('aborted');
    expect(await stored()).toEqual([]);
  });
});
