import { signature } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import { ArtifactStore, sha256Of } from '@millrace/engine';
import { ManualClock } from '@millrace/kernel';
import type { ModelDefinition } from '@millrace/models';
import { type AnyTask, defineTask, type Outcome, replace } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HandlerRunner } from '../handler-runner.js';
import type { Try } from '../pools/pool.js';
import { CachedRunner } from './cached-runner.js';

const day = 86_400_000;
const large = (text: string): Uint8Array => Buffer.from(text.repeat(1_000));
const model = { name: 'shop.risk', version: '1', sha256: 'a'.repeat(64) } as ModelDefinition;

let clock: ManualClock;
let documents: MemoryDocumentStore;
let blobs: MemoryBlobStore;
let metrics: Metrics;
let loaded: ModelDefinition;
let calls: number;
let runner: CachedRunner;

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
  blobs = new MemoryBlobStore();
  metrics = new Metrics('test');
  loaded = model;
  calls = 0;
  const models = { get: () => ({ definition: loaded, run: async () => new Float32Array() }) };
  const base = { clock, log: silentLog, models, metrics };
  runner = new CachedRunner(new HandlerRunner({ ...base, artifacts: new ArtifactStore(blobs) }), { ...base, documents, blobs });
});

const cache = { version: '1', ttlMs: day, models: [model] };
const datasetTask = (policy: object = { cache }): AnyTask =>
  defineTask({
    name: 'shop.dataset',
    args: z.tuple([z.any(), z.number()]),
    policy,
    handler: async (ctx, raw: ArtifactRef) => {
      calls += 1;
      await clock.advance(400);
      const bytes = await ctx.artifacts.read(raw);
      return { dataset: await ctx.artifacts.write('dataset', Buffer.concat([bytes, bytes]), 'application/json'), report: { bytes: bytes.length } };
    },
  });

let runs = 0;
async function run(task: AnyTask, args: readonly unknown[], { tenant = 'shop-a', more = {} } = {}): Promise<Outcome> {
  const id = `run_${(runs += 1)}`;
  const tried: Try = { id: '0', run: { id, tenant, finaliseAt: clock.now() + 9_000 }, step: { signature: signature(task.name, ...args), ...more }, attempt: 1, claim: 1 };
  const { outcome } = await runner.run(task, tried, [], new AbortController().signal);
  await runner.stop();
  return outcome;
}

/** An upload: the same bytes lie somewhere else each time. */
async function upload(text: string, more: Partial<ArtifactRef> = {}): Promise<ArtifactRef> {
  const bytes = large(text);
  const key = `raw/00/${(runs += 1)}`;
  await blobs.put(key, bytes);
  return { key, bytes: bytes.length, sha256: sha256Of(bytes), contentType: 'text/csv', ...more };
}

const valueOf = (outcome: Outcome) => (outcome.kind === 'succeeded' ? (outcome.value as { dataset: ArtifactRef; report: object }) : expect.unreachable());
const counted = async (name: string): Promise<string | undefined> => (await metrics.registry.metrics()).split('\n').find((line) => line.startsWith(name))?.split(' ').at(-1);

describe('a cached task', () => {
  it('is not carried out again for the same bytes, and gives the same result from artifacts of its own', async () => {
    const first = valueOf(await run(datasetTask(), [await upload('a'), 5]));
    await blobs.remove(first.dataset.key); // the run that made it has expired
    const second = valueOf(await run(datasetTask(), [await upload('a'), 5]));
    expect(calls).toBe(1);
    expect(second).toEqual({ ...first, dataset: { ...first.dataset, key: expect.stringMatching(/^cache\/2026-01-03\//) } });
    expect(await blobs.get(second.dataset.key)).toEqual(Uint8Array.from(large('aa')));
    expect(await counted('millrace_result_cache_lookups_total{task="shop.dataset",result="hit"')).toBe('1');
    expect(await counted('millrace_result_cache_lookups_total{task="shop.dataset",result="miss"')).toBe('1');
    expect(await counted('millrace_result_cache_saved_seconds_total{task="shop.dataset"')).toBe('0.4');
  });

  it.each([
    ['other bytes', async () => run(datasetTask(), [await upload('b'), 5])],
    ['another argument', async () => run(datasetTask(), [await upload('a'), 6])],
    ['another name of the file', async () => run(datasetTask(), [await upload('a', { filename: 'x.csv' }), 5])],
    ['another tenant', async () => run(datasetTask(), [await upload('a'), 5], { tenant: 'shop-b' })],
    ['another version of the task', async () => run(datasetTask({ cache: { ...cache, version: '2' } }), [await upload('a'), 5])],
    ['another task', async () => run({ ...datasetTask(), name: 'shop.other' }, [await upload('a'), 5])],
    ['a model that was put in the place of another', async () => {
      loaded = { ...model, version: '2' };
      return run(datasetTask(), [await upload('a'), 5]);
    }],
    ['other bytes of a model', async () => {
      loaded = { ...model, sha256: 'b'.repeat(64) };
      return run(datasetTask(), [await upload('a'), 5]);
    }],
    ['time after its end', async () => {
      await clock.advance(day);
      return run(datasetTask(), [await upload('a'), 5]);
    }],
    ['a task whose policy does not say so', async () => run(datasetTask({}), [await upload('a'), 5])],
  ])('is carried out for %s', async (_, again) => {
    await run(datasetTask(), [await upload('a'), 5]);
    await again();
    expect(calls).toBe(2);
  });

  it.each([
    ['vanished', (key: string) => blobs.remove(key)],
    ['damaged', (key: string) => blobs.put(key, large('?'))],
  ])('is carried out again, and kept again, when an artifact has %s', async (_, lose) => {
    await run(datasetTask(), [await upload('a'), 5]);
    await lose(valueOf(await run(datasetTask(), [await upload('a'), 5])).dataset.key);
    expect(valueOf(await run(datasetTask(), [await upload('a'), 5])).dataset.key).toMatch(/^run\//);
    expect(valueOf(await run(datasetTask(), [await upload('a'), 5])).dataset.key).toMatch(/^cache\//);
    expect(calls).toBe(2);
  });

  it('keeps neither failures nor canvases, nor what is called for each of several items', async () => {
    const failing = defineTask({ name: 'shop.fails', args: z.tuple([]), policy: { cache }, handler: async () => { throw new Error(`call ${(calls += 1)}`); } });
    const spreading = defineTask({ name: 'shop.spreads', args: z.tuple([]), policy: { cache }, handler: async () => ((calls += 1), replace(signature('x.y'))) });
    const mapped = defineTask({ name: 'shop.maps', args: z.tuple([z.number()]), policy: { cache }, handler: async (_ctx, n) => ((calls += 1), n) });
    for (let i = 0; i < 2; i++) {
      expect(await run(failing, [])).toMatchObject({ kind: 'failed' });
      expect(await run(spreading, [])).toMatchObject({ kind: 'replaced' });
      expect(await run(mapped, [], { more: { items: [1, 2] } })).toMatchObject({ value: [1, 2] });
    }
    expect(calls).toBe(8);
  });

  it('costs nothing but time when the store is away or the result is too large for it', async () => {
    const huge = defineTask({ name: 'shop.huge', args: z.tuple([]), policy: { cache }, handler: async () => ((calls += 1), 'x'.repeat(300_000)) });
    expect(await run(huge, [])).toMatchObject({ kind: 'succeeded' });
    documents.get = () => Promise.reject(new Error('away'));
    expect(await run(datasetTask(), [await upload('a'), 5])).toMatchObject({ kind: 'succeeded' });
    expect(await counted('millrace_result_cache_lookups_total{task="shop.dataset",result="trouble"')).toBe('1');
    expect(calls).toBe(2);
  });

  it('leaves small artifacts in their references', async () => {
    const task = defineTask({ name: 'shop.small', args: z.tuple([]), policy: { cache }, handler: async (ctx) => ctx.artifacts.write('note', Buffer.from('hi'), 'text/plain') });
    const first = await run(task, []);
    expect(await run(task, [])).toEqual(first);
  });

  it('has its artifacts removed a day after the last of their days, by one worker', async () => {
    const { dataset } = valueOf(await (await run(datasetTask(), [await upload('a'), 5]), run(datasetTask(), [await upload('a'), 5])));
    runner.start();
    await clock.advance(2 * day);
    expect(await blobs.stat(dataset.key)).toBeDefined();
    await clock.advance(day);
    expect(await blobs.stat(dataset.key)).toBeUndefined();
    await runner.stop();
  });
});
