import { ManualClock } from '@millrace/kernel';
import { beforeEach, describe, expect, type Mock, test, vi } from 'vitest';
import { EndpointCache } from './endpoint-cache.js';
import type { EndpointSettings } from './endpoint-settings.js';
import { sign, type SigningKey } from './signature.js';

const secret = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const message = { id: 'msg_1', timestamp: 1, body: new Uint8Array() };
const origin = 'https://hooks.eu.example.com';

let clock: ManualClock;
let settings: Map<string, EndpointSettings>;
type List = (tenant: string) => Promise<ReadonlyMap<string, EndpointSettings>>;
let list: Mock<List>;
let cache: EndpointCache;

beforeEach(() => {
  clock = new ManualClock(0);
  settings = new Map();
  list = vi.fn<List>(async () => new Map(settings));
  cache = new EndpointCache({ list }, { secrets: [secret(1)] }, clock);
});

const signedBy = (keys: readonly SigningKey[]): number[] => [1, 2, 3, 4].filter((fill) => keys.some((key) => key.sign(message) === sign(secret(fill), message)));

describe('settings', () => {
  test('are those of the deployment where nobody says otherwise', async () => {
    const endpoint = await cache.of('acme', origin);
    expect(endpoint).toMatchObject({ tenant: 'acme', origin, allowHttp: false, headers: {}, maxInFlight: 10, timeoutMs: 15_000 });
    expect(signedBy(endpoint.keysAt(0))).toEqual([1]);
  });

  test('for an origin hold before those for the names below one, and those before the general', async () => {
    settings.set('*', { maxInFlight: 1, timeoutMs: 1_000, allowHttp: true });
    settings.set('https://*.com', { timeoutMs: 2_000 });
    settings.set('https://*.example.com', { timeoutMs: 3_000, headers: { 'x-a': 'b' } });
    settings.set(origin, { headers: { 'x-c': 'd' } });
    settings.set('http://hooks.eu.example.com', { maxInFlight: 99 });
    settings.set('https://*.eu.example.org', { maxInFlight: 98 });
    expect(await cache.of('acme', origin)).toMatchObject({ maxInFlight: 1, timeoutMs: 3_000, allowHttp: true, headers: { 'x-c': 'd' } });
    expect(await cache.of('acme', 'https://example.com')).toMatchObject({ timeoutMs: 2_000, headers: {} });
    expect(await cache.of('acme', 'https://localhost')).toMatchObject({ timeoutMs: 1_000 });
  });

  test('have secrets that sign until they expire, and then those of the deployment do', async () => {
    settings.set('*', { secrets: [{ secret: secret(2), expiresAt: 100 }, { secret: secret(3), expiresAt: 50 }] });
    const endpoint = await cache.of('acme', origin);
    expect([0, 49, 50, 99, 100].map((now) => signedBy(endpoint.keysAt(now)))).toEqual([[2, 3], [2, 3], [2], [2], [1]]);
  });

  test('are read once in 15 seconds, behind a delivery', async () => {
    await cache.of('acme', origin);
    settings.set('*', { maxInFlight: 3 });
    await clock.advance(14_999);
    expect(await cache.of('acme', origin)).toMatchObject({ maxInFlight: 10 });
    expect(list).toHaveBeenCalledTimes(1);
    await clock.advance(2);
    expect(await cache.of('acme', origin)).toMatchObject({ maxInFlight: 10 });
    expect(list).toHaveBeenCalledTimes(2);
    await clock.advance(0);
    expect(await cache.of('acme', origin)).toMatchObject({ maxInFlight: 3 });
    expect(list).toHaveBeenCalledTimes(2);
  });

  test('are read once for all who ask at the same time, and apart for each tenant', async () => {
    await Promise.all([1, 2, 3].map(() => cache.of('acme', origin)));
    await cache.of('other', origin);
    expect(list.mock.calls).toEqual([['acme'], ['other']]);
  });

  test('go on being used while the store does not answer', async () => {
    settings.set('*', { maxInFlight: 3 });
    await cache.of('acme', origin);
    list.mockRejectedValue(new Error('away'));
    for (let i = 0; i < 5; i++) {
      await clock.advance(20_000);
      expect(await cache.of('acme', origin)).toMatchObject({ maxInFlight: 3 });
    }
    await expect(cache.of('other', origin)).rejects.toThrow('away');
  });

  test('are read anew when they are known to have changed', async () => {
    await cache.of('acme', origin);
    settings.set('*', { maxInFlight: 3 });
    cache.forget('acme');
    expect(await cache.of('acme', origin)).toMatchObject({ maxInFlight: 3 });
  });
});
