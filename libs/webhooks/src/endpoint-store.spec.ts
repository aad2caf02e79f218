import { seededRandom } from '@millrace/kernel';
import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { deploymentKeys } from './deployment-keys.js';
import { EndpointStore } from './endpoint-store.js';
import { Sealer } from './sealer.js';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const secret = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const origin = 'https://hooks.example.com';
const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

let documents: MemoryDocumentStore;
const storeWith = (...keys: string[]) => new EndpointStore(documents, new Sealer(deploymentKeys(keys, 'endpoint settings'), seededRandom(1)));
const stored = async () => (await documents.get({ collection: 'endpoints:acme', key: origin }))?.value ?? '';

beforeEach(() => {
  documents = new MemoryDocumentStore();
});

describe('settings of an endpoint', () => {
  const settings = { secrets: [{ secret: secret(1) }], headers: { authorization: 'Bearer hush' }, allowHttp: true, maxInFlight: 3, timeoutMs: 2_000 };

  test('are as they were put, and one tenant’s own', async () => {
    const store = storeWith(key(1));
    await store.put('acme', origin, settings);
    expect(await store.get('acme', origin)).toEqual(settings);
    expect(await store.list('acme')).toEqual(new Map([[origin, settings]]));
    expect(await store.get('other', origin)).toBeUndefined();
    expect(await store.remove('acme', origin)).toBe(true);
    expect(await store.get('acme', origin)).toBeUndefined();
  });

  test('are encrypted as far as they are secret', async () => {
    await storeWith(key(1)).put('acme', origin, settings);
    expect(await stored()).not.toContain(secret(1).slice(6));
    expect(await stored()).not.toContain('hush');
    expect(JSON.parse(await stored())).toEqual({ allowHttp: true, maxInFlight: 3, timeoutMs: 2_000, sealed: expect.stringMatching(/^v1\.[0-9a-f]{8}\./) });
  });

  test('can be read with a key that is not the first any more, and are encrypted with the first when they change', async () => {
    await storeWith(key(1)).put('acme', origin, settings);
    const rotated = storeWith(key(2), key(1));
    expect(await rotated.get('acme', origin)).toEqual(settings);
    await rotated.change('acme', origin, (there) => ({ ...there, maxInFlight: 4 }));
    expect(await storeWith(key(2)).get('acme', origin)).toEqual({ ...settings, maxInFlight: 4 });
  });

  test('cannot be read without their key, nor when they were moved or changed', async () => {
    await storeWith(key(1)).put('acme', origin, settings);
    const sealed = { code: 'MILLRACE_SEALED' };
    await expect(storeWith(key(2)).get('acme', origin)).rejects.toThrow(expect.objectContaining(sealed));
    const value = await stored();
    await documents.put({ collection: 'endpoints:other', key: origin }, value);
    await expect(storeWith(key(1)).get('other', origin)).rejects.toThrow(expect.objectContaining(sealed));
    const { sealed: text, ...plain } = JSON.parse(value) as { sealed: string };
    const bent = text.slice(0, 40) + (text[40] === 'A' ? 'B' : 'A') + text.slice(41);
    await documents.put({ collection: 'endpoints:acme', key: origin }, JSON.stringify({ ...plain, sealed: bent }));
    await expect(storeWith(key(1)).get('acme', origin)).rejects.toThrow(expect.objectContaining(sealed));
  });

  test('need a key to be secret, and only then', async () => {
    await expect(storeWith().put('acme', origin, settings)).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_DEPLOYMENT_KEY' }));
    await storeWith().put('acme', origin, { maxInFlight: 3 });
    expect(await storeWith().get('acme', origin)).toEqual({ maxInFlight: 3 });
  });

  test('that two change at once are changed by both', async () => {
    const store = storeWith(key(1));
    await Promise.all([
      store.change('acme', origin, (there) => ({ ...there, maxInFlight: 3 })),
      store.change('acme', origin, (there) => ({ ...there, timeoutMs: 2_000 })),
      store.disable('acme', origin, { reason: 'gone', at: now }),
    ]);
    expect(await store.get('acme', origin)).toEqual({ maxInFlight: 3, timeoutMs: 2_000, disabled: { reason: 'gone', at: now } });
    await store.enable('acme', origin);
    expect(await store.get('acme', origin)).toEqual({ maxInFlight: 3, timeoutMs: 2_000 });
  });
});

describe('a rotation', () => {
  test('lets the old secret sign for a while beside the new one', async () => {
    const store = storeWith(key(1));
    await store.rotateSecret('acme', origin, { secret: secret(1), graceMs: hour, now });
    expect((await store.get('acme', origin))?.secrets).toEqual([{ secret: secret(1) }]);
    await store.rotateSecret('acme', origin, { secret: secret(2), graceMs: hour, now });
    expect((await store.get('acme', origin))?.secrets).toEqual([{ secret: secret(2) }, { secret: secret(1), expiresAt: now + hour }]);
    await store.rotateSecret('acme', origin, { secret: secret(3), graceMs: 2 * hour, now: now + 1 });
    expect((await store.get('acme', origin))?.secrets).toEqual([
      { secret: secret(3) },
      { secret: secret(2), expiresAt: now + 1 + 2 * hour },
      { secret: secret(1), expiresAt: now + hour },
    ]);
    await store.rotateSecret('acme', origin, { secret: secret(4), graceMs: hour, now: now + hour });
    expect((await store.get('acme', origin))?.secrets?.map((each) => each.secret)).toEqual([secret(4), secret(3), secret(2)]);
  });

  test('keeps ten secrets at most', async () => {
    const store = storeWith(key(1));
    for (let i = 1; i <= 10; i++) await store.rotateSecret('acme', origin, { secret: secret(i), graceMs: hour, now });
    await expect(store.rotateSecret('acme', origin, { secret: secret(11), graceMs: hour, now })).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_ENDPOINT_SETTINGS' }));
  });
});

describe('what is refused', () => {
  test.each<[string, unknown]>([
    ['an unknown setting', { colour: 'red' }],
    ['a secret without its prefix', { secrets: [{ secret: Buffer.alloc(32).toString('base64') }] }],
    ['a short secret', { secrets: [{ secret: `whsec_${Buffer.alloc(8).toString('base64')}` }] }],
    ['a public key', { secrets: [{ secret: `whpk_${Buffer.alloc(32).toString('base64')}` }] }],
    ['no secret at all', { secrets: [] }],
    ['a header for the transport', { headers: { 'transfer-encoding': 'chunked' } }],
    ['a host', { headers: { host: 'internal' } }],
    ['a length', { headers: { 'content-length': '0' } }],
    ['a signature', { headers: { 'webhook-signature': 'v1,x' } }],
    ['a header in capitals', { headers: { Host: 'internal' } }],
    ['a line break', { headers: { 'x-a': 'b\r\nx-c: d' } }],
    ['a character beyond ASCII', { headers: { 'x-a': 'ž' } }],
    ['a name with a space', { headers: { 'x a': 'b' } }],
    ['too many headers', { headers: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`x-${i}`, ''])) }],
    ['no time', { timeoutMs: 0 }],
    ['no place', { maxInFlight: 0 }],
  ])('is %s', async (_, settings) => {
    await expect(storeWith(key(1)).put('acme', origin, settings)).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_ENDPOINT_SETTINGS' }));
  });

  test.each(['hooks.example.com', 'https://hooks.example.com/', 'https://hooks.example.com/path', 'https://hooks.example.com:443', 'https://Hooks.example.com', 'https://*', 'https://a.*.com', 'ftp://a.b', '', 'https://user@a.b', `https://${'a'.repeat(200)}.com`])(
    'is the key %s',
    async (bad) => {
      await expect(storeWith(key(1)).put('acme', bad, {})).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_ENDPOINT_SETTINGS' }));
    },
  );

  test.each(['*', 'https://hooks.example.com', 'http://hooks.example.com', 'https://hooks.example.com:8443', 'https://*.example.com', 'https://[2606:4700::1]'])('is not %s', async (good) => {
    await storeWith(key(1)).put('acme', good, {});
    expect(await storeWith(key(1)).get('acme', good)).toEqual({});
  });

  test.each(['', 'short', Buffer.alloc(31).toString('base64')])('is the deployment’s key %j', (bad) => {
    expect(() => storeWith(bad)).toThrow(expect.objectContaining({ code: 'MILLRACE_DEPLOYMENT_KEY' }));
  });
});
