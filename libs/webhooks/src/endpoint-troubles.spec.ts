import { ManualClock } from '@millrace/kernel';
import { silentLog } from '@millrace/telemetry';
import { MemoryDocumentStore } from '@millrace/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EndpointTroubles } from './endpoint-troubles.js';

const endpoint = { tenant: 'acme', origin: 'https://hooks.example.com' };
const hour = 3_600_000;

let clock: ManualClock;
let documents: MemoryDocumentStore;
let one: EndpointTroubles;
let two: EndpointTroubles;

beforeEach(async () => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
  [one, two] = [1, 2].map(() => new EndpointTroubles({ documents: new MemoryDocumentStore(clock, documents), clock, log: silentLog })) as [EndpointTroubles, EndpointTroubles];
  await Promise.all([one.start(), two.start()]);
});
afterEach(async () => {
  await Promise.all([one.stop(), two.stop()]);
});

describe('trouble with an endpoint', () => {
  test('is known to all dispatchers, until it is over', async () => {
    const since = clock.now();
    await one.failed(endpoint);
    await vi.waitFor(() => expect(two.of(endpoint)).toMatchObject({ ...endpoint, since }));
    expect(two.of({ ...endpoint, tenant: 'other' })).toBeUndefined();
    await two.over(endpoint);
    await vi.waitFor(() => expect(one.of(endpoint)).toBeUndefined());
  });

  test('is known to a dispatcher that starts later', async () => {
    await one.opened(endpoint, { openedAt: 5, times: 2 });
    const three = new EndpointTroubles({ documents, clock, log: silentLog });
    await three.start();
    expect(three.of(endpoint)).toMatchObject({ opening: { openedAt: 5, times: 2 } });
    await three.stop();
  });

  test('lasts since the first failure, and is written once an hour at most', async () => {
    const since = clock.now();
    const put = vi.spyOn(MemoryDocumentStore.prototype, 'put');
    for (let minutes = 0; minutes <= 120; minutes++) {
      expect(await one.failed(endpoint)).toMatchObject({ since });
      await clock.advance(60_000);
    }
    expect(put).toHaveBeenCalledTimes(3);
    put.mockRestore();
  });

  test('keeps its opening when it is written again', async () => {
    await one.opened(endpoint, { openedAt: clock.now(), times: 1 });
    await clock.advance(2 * hour);
    expect(await one.failed(endpoint)).toMatchObject({ opening: { times: 1 } });
  });

  test('is forgotten when nothing is heard of it for two days', async () => {
    await one.failed(endpoint);
    await clock.advance(50 * hour);
    expect(one.of(endpoint)).toBeUndefined();
    expect(await one.failed(endpoint)).toMatchObject({ since: clock.now() });
  });

  test('that cannot be read is left at what was known', async () => {
    await one.failed(endpoint);
    const list = vi.spyOn(MemoryDocumentStore.prototype, 'list').mockRejectedValue(new Error('away'));
    await documents.put({ collection: 'endpoint-troubles', key: 'x' }, '{}');
    await vi.waitFor(() => expect(list).toHaveBeenCalled());
    expect(one.of(endpoint)).toBeDefined();
    list.mockRestore();
  });
});
