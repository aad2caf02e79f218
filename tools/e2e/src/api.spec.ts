import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { MillraceClient, ProblemError } from '@millrace/api-client';
import type { IngestionEvent } from '@millrace/contracts';
import { repositoryRoot } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';

const samplePath = join(repositoryRoot, 'samples/orders.csv');
const sample = await readFile(samplePath);

describe.each(profiles)('the API by its client on the $name profile', ({ name, profile }) => {
  let product: Product;
  let client: MillraceClient;

  beforeAll(async () => {
    product = await Product.start(profile(), prefixed(`api-${name}`));
    client = new MillraceClient({ url: product.stack.apiUrl });
  });

  afterAll(() => product.stop());

  it('takes a file, is waited for and gives the results', async () => {
    const { id, replayed } = await client.ingestFile(samplePath, { metadata: { order: 7 }, idempotencyKey: 'week-1' });
    expect(replayed).toBe(false);
    const view = await client.wait(id, { timeoutMs: 20_000 });
    expect(view).toMatchObject({ id, status: 'completed', metadata: { order: 7 }, outcome: { data: { metadata: { order: 7 } } } });
    expect(await client.results(id)).toEqual(view.outcome);
    expect(await client.ingestFile(samplePath, { metadata: { order: 7 }, idempotencyKey: 'week-1' })).toMatchObject({ id, replayed: true });
    await expect(client.ingest('other', 'text/csv', { idempotencyKey: 'week-1' })).rejects.toMatchObject({ code: 'MILLRACE_IDEMPOTENCY_KEY_REUSED', status: 422 });
  });

  it('takes several files as one ingestion', async () => {
    const half = sample.subarray(0, sample.indexOf('\n', sample.length / 2) + 1);
    const header = sample.subarray(0, sample.indexOf('\n') + 1);
    const files = [new File([half], 'one.csv', { type: 'text/csv' }), new File([header, sample.subarray(half.length)], 'two.csv', { type: 'text/csv' })];
    const { id } = await client.ingestFiles(files, { domains: ['orders'] });
    const [both, whole] = await Promise.all([client.wait(id, { timeoutMs: 20_000 }), client.ingest(sample, 'text/csv').then((ingested) => client.wait(ingested.id, { timeoutMs: 20_000 }))]);
    expect(both.status).toBe('completed');
    expect(both.outcome?.data.insights['orders.segments']).toEqual(whole.outcome?.data.insights['orders.segments']);
  });

  it('takes gzip, as a file and as a content encoding', async () => {
    const zipped = gzipSync(sample);
    const file = await client.ingest(zipped, 'application/gzip');
    const encoded = await fetch(`${product.stack.apiUrl}/v1/ingestions`, { method: 'POST', body: zipped, headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' } });
    for (const { id } of [file, (await encoded.json()) as { id: string }]) expect(await client.wait(id, { timeoutMs: 20_000 })).toMatchObject({ status: 'completed' });
  });

  it('tells what happens while it happens', async () => {
    const { id } = await client.ingest(sample, 'text/csv');
    const events: IngestionEvent[] = [];
    for await (const event of client.events(id)) events.push(event);
    expect(events.at(-1)).toEqual({ type: 'end', status: 'completed' });
    const done = events.flatMap((event) => (event.type === 'task' && event.task.status === 'succeeded' ? [event.task.task] : []));
    expect(done).toEqual(expect.arrayContaining(['orders.dataset', 'orders.anomalies']));
  });

  it('answers within the POST when asked to wait', async () => {
    const response = await fetch(`${product.stack.apiUrl}/v1/ingestions`, { method: 'POST', body: sample, headers: { 'content-type': 'text/csv', prefer: 'wait=20' } });
    expect([response.status, response.headers.get('preference-applied')]).toEqual([200, 'wait=20']);
    expect(await response.json()).toMatchObject({ status: 'completed' });
  });

  it('lists what was sent in, newest first', async () => {
    const { id } = await client.ingest(sample, 'text/csv');
    await vi.waitFor(async () => {
      const ids: string[] = [];
      for await (const ingestion of client.list({ limit: 2 })) ids.push(ingestion.id);
      expect(ids[0]).toBe(id);
      expect(new Set(ids).size).toBe(ids.length);
    });
  });

  it('cancels, and has a callback sent again with the same id and bytes', async () => {
    const { id } = await client.ingest(sample, 'text/csv', { callback: product.receiver.url });
    await product.callback(id);
    await vi.waitUntil(async () => (await client.deliveries(id)).status === 'delivered');
    await expect(client.cancel(id)).rejects.toBeInstanceOf(ProblemError);
    await client.replay(id);
    await vi.waitUntil(() => product.callbacksOf(id).length === 2, { timeout: 10_000 });
    const [first, second] = product.callbacksOf(id);
    expect(second?.body).toEqual(first?.body);
    expect(second?.signatureProblem).toBeUndefined();
    const gone = await client.ingest(sample, 'text/csv', { deadline: 'none' });
    const cancelled = await client.cancel(gone.id).catch((err: unknown) => err);
    expect(cancelled instanceof ProblemError ? cancelled.code : (cancelled as { status: string }).status).toMatch(/^(cancelled|MILLRACE_INGESTION_OVER)$/);
  });
});
