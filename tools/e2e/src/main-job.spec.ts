import { readFile } from 'node:fs/promises';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, serviceNames } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';

const sample = await readFile(join(repositoryRoot, 'samples/orders.csv'));
const expected = JSON.parse(await readFile(join(repositoryRoot, 'libs/domains/orders/fixtures/sample-expected.json'), 'utf8')) as { readonly report: object };

describe.each(profiles)('the main job on the $name profile', ({ name, profile }) => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start(profile(), prefixed(`main-${name}`));
  });

  afterAll(() => product.stop());

  it('takes order lines and calls back with insights, signed, within the budget', async () => {
    const { status, headers, body } = await product.post(sample, 'text/csv', { filename: 'orders.csv' });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/ingestions/${body.id}`);
    const { received, event } = await product.callback(body.id);
    expect(received.signatureProblem).toBeUndefined();
    expect(event).toMatchObject({ type: 'ingestion.completed', data: { ingestionId: body.id, status: 'completed' } });
    expect(event.data.datasets['orders.dataset']).toMatchObject(expected.report);
    expect(Object.keys(event.data.insights).toSorted()).toEqual(['orders.anomalies', 'orders.repurchase', 'orders.returns', 'orders.revenue', 'orders.segments', 'summary.overview']);
    expect(event.data.budget.usedMs).toBeLessThan(event.data.budget.budgetMs);
  });

  it('tells the same when asked', async () => {
    const id = await product.ingest(sample, 'text/csv');
    const { received, event } = await product.callback(id);
    await vi.waitUntil(async () => (await product.view(id)).callback?.status === 'delivered');
    const view = await product.view(id);
    expect(view.status).toBe('completed');
    expect(view.outcome).toEqual(event);
    expect(view.callback?.attempts).toMatchObject([{ status: 204 }]);
    expect(received.headers['webhook-attempt']).toBe('1');
  });

  it('gives every task of a run a place in the budget report', async () => {
    const { event } = await product.callback(await product.ingest(sample, 'text/csv'));
    const reported = event.data.budget.steps.map((step) => step.task).toSorted();
    expect(reported).toEqual([
      'analytics.distribute',
      'datasets.distribute',
      'orders.anomalies',
      'orders.dataset',
      'orders.repurchase',
      'orders.returns',
      'orders.revenue',
      'orders.segments',
      'process.initiate',
      'summary.overview',
    ]);
  });

  it('needs no callback URL: the outcome can be asked for', async () => {
    const { status, body } = await product.post(sample, 'text/csv', { callback: '' });
    expect(status).toBe(422);
    expect(body.errors?.[0]?.pointer).toBe('#query/callback');
    const response = await fetch(`${product.stack.apiUrl}/v1/ingestions`, { method: 'POST', body: sample, headers: { 'content-type': 'text/csv' } });
    const { id } = (await response.json()) as { id: string };
    await vi.waitUntil(async () => (await product.view(id)).status === 'completed', { timeout: 10_000 });
  });

  it('says of every service that it lives, is ready, and what it has done', async () => {
    for (const service of serviceNames) {
      const health = product.stack.healthUrl(service);
      expect((await fetch(`${health}/health/live`)).status).toBe(200);
      expect((await fetch(`${health}/health/ready`)).status).toBe(200);
      expect(await product.metrics(service)).toMatch(/^process_cpu_seconds_total/m);
    }
    expect(await product.metrics('analyst')).toMatch(/millrace_tasks_total\{task="orders.segments",status="succeeded",service="analyst"\} [1-9]/);
  });

  it('logs each task as JSON with run, step, task, duration and status', async () => {
    const id = await product.ingest(sample, 'text/csv');
    await product.callback(id);
    const line = await vi.waitUntil(async () => (await product.stack.logLines('dataset-generator')).find((text) => text.includes(id) && text.includes('task done')));
    expect(JSON.parse(line)).toMatchObject({ level: 'info', run: id, task: 'orders.dataset', status: 'succeeded', attempt: 1, step: expect.any(String), durationMs: expect.any(Number) });
  });

  it('keeps the data out of its logs', async () => {
    const canary = '536365,85123A,canary-in-the-description,6,2010-12-01 08:26,2.55,17850,United Kingdom';
    const header = sample.toString('utf8').split('\n')[0];
    await product.callback(await product.ingest(`${header}\n${canary}\n`, 'text/csv'));
    for (const service of serviceNames) expect((await product.stack.logLines(service)).join('\n')).not.toContain('canary-in-the-description');
  });

  it('listens on loopback only', () => {
    const listening = [...product.stack.pids().values()].flatMap(listeningAddresses);
    expect(listening.length).toBeGreaterThanOrEqual(6);
    expect(listening.filter((address) => address !== '0100007F' && !address.endsWith('01000000'))).toEqual([]);
  });

  it.each([
    ['an empty body', '', 'text/csv', {}, 422, /no body/],
    ['a content type that no domain reads', 'x', 'image/png', {}, 415, /image\/png/],
    ['no content type', new Blob(['x']), undefined, {}, 415, /no content-type/],
    ['a domain that is not there', 'x', 'text/csv', { domains: 'weather' }, 422, /no domain "weather"; this deployment has feedback, orders, sessions/],
    ['a callback that is no URL', 'x', 'text/csv', { callback: 'not a url' }, 422, /callback|URL/i],
    ['a budget that is too small', 'x', 'text/csv', { budgetMs: '5' }, 422, /1000/],
    ['a parameter that is not there', 'x', 'text/csv', { calback: 'x' }, 422, /calback/],
  ])('refuses %s with a problem that says so', async (_, body, contentType, query, status, detail) => {
    const answer = await product.post(body, contentType, query);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ type: expect.any(String), title: expect.any(String), status, code: expect.stringMatching(/^MILLRACE_/), instance: '/v1/ingestions' });
    expect(answer.body.detail).toMatch(detail);
  });

  it.each([
    ['a path that is not there', '/v2/ingestions', 404],
    ['an ingestion that is not there', '/v1/ingestions/ing_none', 404],
  ])('answers %s with a problem', async (_, path, status) => {
    const response = await fetch(`${product.stack.apiUrl}${path}`);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each([
    ['broken CSV', 'InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n"1,2\n', 'text/csv', 'orders.dataset'],
    ['data of no domain', 'a,b\n1,2\n', 'text/csv', 'process.initiate'],
    ['bytes that are not text', Buffer.concat([Buffer.from('InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice\n'), Buffer.from([0xff, 0xfe, 0x00])]), 'text/csv', 'orders.dataset'],
  ])('calls back with a failed outcome for %s, and says what was wrong', async (_, body, contentType, task) => {
    const { event } = await product.callback(await product.ingest(body, contentType));
    expect(event).toMatchObject({ type: 'ingestion.failed', data: { status: 'failed', insights: {} } });
    const failed = event.data.tasks.find((view) => view.status === 'failed');
    expect(failed).toMatchObject({ task, attempts: 1, error: { code: expect.stringMatching(/^MILLRACE_/), retryable: false } });
    expect(failed?.error?.message.length).toBeGreaterThan(20);
  });

  it('says why a callback could not be delivered and when it will be tried again', async () => {
    const id = await product.ingest(sample, 'text/csv', { callback: 'http://127.0.0.1:9/nobody' });
    const view = await vi.waitUntil(
      async () => {
        const seen = await product.view(id);
        return (seen.callback?.attempts.length ?? 0) > 0 && seen;
      },
      { timeout: 10_000 },
    );
    expect(view.callback).toMatchObject({ status: 'delivering', attempts: [{ error: expect.stringMatching(/refused/i) }], nextAttemptAt: expect.any(String) });
    expect(view.status).toBe('completed');
  });

  it('tries a callback again until it is taken, with the same id and the same bytes', async () => {
    let refused = 0;
    product.receiver.answer((callback) => ({ status: callback.path === '/flaky' && refused++ === 0 ? 503 : 204 }));
    const id = await product.ingest(sample, 'text/csv', { callback: `${product.receiver.url}flaky` });
    await vi.waitUntil(() => product.callbacksOf(id).length === 2, { timeout: 20_000 });
    const [first, second] = product.callbacksOf(id);
    expect(second?.body).toEqual(first?.body);
    expect(second?.signatureProblem).toBeUndefined();
    expect(second?.headers['webhook-attempt']).toBe('2');
    await vi.waitUntil(async () => (await product.view(id)).callback?.status === 'delivered');
  });

  it('drains when told to stop: every process ends by itself', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => product.ingest(sample, 'text/csv')));
    expect(await product.stop()).toBe(true);
    expect(ids).toHaveLength(5);
  });
});

/** Local addresses, in hex as the kernel has them, on which a process listens for TCP. */
function listeningAddresses(pid: number): readonly string[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => linkOf(pid, fd).match(/^socket:\[(\d+)\]$/)?.[1] ?? []));
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
}

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}
