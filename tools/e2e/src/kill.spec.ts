import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { repositoryRoot, type ServiceName } from '@millrace/local-stack';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Product } from './product.js';
import { prefixed, profiles } from './profiles.js';

const sample = await readFile(join(repositoryRoot, 'samples/orders.csv'));

/** The worker that is killed, and the task that waits for it then. */
const victims: ReadonlyArray<readonly [ServiceName, string]> = [
  ['orchestrator', 'process.initiate'],
  ['dataset-generator', 'orders.dataset'],
  ['analyst', 'orders.segments'],
  ['callback-dispatcher', ''],
];

describe.each(profiles)('kill -9 on the $name profile', ({ name, profile }) => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start(profile(), prefixed(`kill-${name}`));
    await product.callback(await product.ingest(sample, 'text/csv'));
  });

  afterAll(async () => {
    await product.stop();
  });

  it.each(victims)('of %s in mid-run: the run still calls back, once, complete, in time', async (service, task) => {
    await product.stack.kill(service, 'SIGSTOP');
    const id = await product.ingest(sample, 'text/csv');
    await vi.waitUntil(async () => hasCome(await product.view(id), task), { timeout: 8_000, interval: 20 });
    await product.stack.kill(service);
    const { received, event } = await product.callback(id);
    expect(received.signatureProblem).toBeUndefined();
    expect(event.type).toBe('ingestion.completed');
    await vi.waitUntil(async () => (await product.view(id)).callback?.status === 'delivered', { timeout: 10_000 });
    await delay(1_500);
    expect(product.callbacksOf(id)).toHaveLength(1);
    await product.stack.untilReady(service);
  });

  it('of a dispatcher whose callback is under way: the receiver sees the same id and the same bytes again', async () => {
    let hold = true;
    product.receiver.answer(() => ({ status: 204, delayMs: hold ? 60_000 : 0 }));
    const id = await product.ingest(sample, 'text/csv');
    await vi.waitUntil(() => product.callbacksOf(id).length === 1, { timeout: 10_000 });
    hold = false;
    await product.stack.kill('callback-dispatcher');
    await vi.waitUntil(() => product.callbacksOf(id).length === 2, { timeout: 20_000 });
    const [first, second] = product.callbacksOf(id);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });
});

/** Whether the run waits for `task`; without one, for its callback. */
const hasCome = (view: { tasks: ReadonlyArray<{ task: string; status: string }> }, task: string): boolean =>
  task === ''
    ? view.tasks.length > 4 && view.tasks.every((each) => each.status === 'succeeded')
    : view.tasks.some((each) => each.task === task && (each.status === 'ready' || each.status === 'running'));
