import { ManualClock, seededRandom } from '@millrace/kernel';
import { silentLog } from '@millrace/telemetry';
import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import type { EndpointAdmin } from './endpoint-admin.js';
import { EndpointTroubles } from './endpoint-troubles.js';
import { openEndpointAdmin, openEndpointStore } from './open-endpoints.js';
import { publicKeyOf } from './signature.js';

const keys = [Buffer.alloc(32, 1).toString('base64')];
const origin = 'https://hooks.example.com';
const now = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

let clock: ManualClock;
let documents: MemoryDocumentStore;
let admin: EndpointAdmin;
const openAdmin = (withKeys = keys) => openEndpointAdmin(withKeys, { documents, clock, random: seededRandom(1), log: silentLog });
const settings = async () => openEndpointStore(keys, { documents, random: seededRandom(2) }).get('acme', origin);

beforeEach(() => {
  clock = new ManualClock(now);
  documents = new MemoryDocumentStore(clock);
  admin = openAdmin();
});

describe('settings', () => {
  test('of an endpoint that nobody says anything of are none', async () => {
    expect(await admin.get('acme', origin)).toEqual({ origin, secrets: [], headers: [] });
    expect(await admin.list('acme')).toEqual([]);
  });

  test('are shown without what is secret', async () => {
    await admin.rotate('acme', origin, { kind: 'shared', graceMs: hour });
    const view = await admin.change('acme', origin, () => ({ headers: { authorization: 'Bearer hush' }, timeoutMs: 2_000 }));
    expect(view).toEqual({ origin, secrets: [{ kind: 'shared' }], headers: ['authorization'], timeoutMs: 2_000 });
    expect(await admin.list('acme')).toEqual([view]);
    expect(await admin.list('other')).toEqual([]);
    expect(await settings()).toMatchObject({ headers: { authorization: 'Bearer hush' }, secrets: [{ secret: expect.stringMatching(/^whsec_/) }] });
  });

  test('are replaced by what is made of them, secrets apart', async () => {
    await admin.rotate('acme', origin, { kind: 'shared', graceMs: hour });
    await admin.change('acme', origin, () => ({ maxInFlight: 3, allowHttp: true }));
    await admin.change('acme', origin, (there) => ({ ...there, maxInFlight: 4 }));
    expect(await admin.get('acme', origin)).toEqual({ origin, secrets: [{ kind: 'shared' }], headers: [], maxInFlight: 4, allowHttp: true });
    await admin.change('acme', origin, () => ({}));
    expect(await admin.get('acme', origin)).toEqual({ origin, secrets: [{ kind: 'shared' }], headers: [] });
  });

  test('are forgotten with their secrets', async () => {
    await admin.rotate('acme', origin, { kind: 'shared', graceMs: hour });
    await admin.remove('acme', origin);
    expect(await settings()).toBeUndefined();
    await admin.remove('acme', origin);
  });

  test('are for 100 endpoints of a tenant at most', async () => {
    for (let i = 0; i < 100; i++) await admin.change('acme', `https://h${i}.example.com`, () => ({}));
    const refused = expect.objectContaining({ code: 'MILLRACE_ENDPOINT_SETTINGS', message: expect.stringContaining('100 endpoints at most') });
    await expect(admin.change('acme', origin, () => ({}))).rejects.toThrow(refused);
    await expect(admin.rotate('acme', origin, { kind: 'shared', graceMs: 0 })).rejects.toThrow(refused);
    await admin.change('acme', 'https://h5.example.com', () => ({ maxInFlight: 2 }));
    await admin.change('other', origin, () => ({}));
  });

  test.each(['hooks.example.com', 'https://hooks.example.com/path', ''])('are not for %j', async (bad) => {
    const refused = expect.objectContaining({ code: 'MILLRACE_ENDPOINT_SETTINGS' });
    for (const attempt of [() => admin.get('acme', bad), () => admin.change('acme', bad, () => ({})), () => admin.rotate('acme', bad, { kind: 'shared', graceMs: 0 }), () => admin.remove('acme', bad)]) {
      await expect(attempt()).rejects.toThrow(refused);
    }
  });
});

describe('a rotation', () => {
  test('tells what receivers verify with, and until when the old one is good', async () => {
    const first = await admin.rotate('acme', origin, { kind: 'shared', graceMs: hour });
    const second = await admin.rotate('acme', origin, { kind: 'key-pair', graceMs: hour });
    const [pair, old] = (await settings())?.secrets ?? [];
    expect(old).toEqual({ secret: first, expiresAt: now + hour });
    expect(second).toBe(publicKeyOf(pair?.secret ?? ''));
    expect((await admin.get('acme', origin)).secrets).toEqual([{ kind: 'key-pair', publicKey: second }, { kind: 'shared', expiresAt: '2026-01-01T01:00:00.000Z' }]);
  });

  test('needs a key to encrypt with', async () => {
    await expect(openAdmin([]).rotate('acme', origin, { kind: 'shared', graceMs: hour })).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_DEPLOYMENT_KEY', message: expect.stringContaining('MILLRACE_KEYS') }));
  });
});

describe('an endpoint', () => {
  test('that was disabled stays so for the same reason until it is enabled', async () => {
    await openEndpointStore(keys, { documents, random: seededRandom(2) }).disable('acme', origin, { reason: 'gone', at: now - hour });
    const gone = { reason: 'gone', at: '2025-12-31T23:00:00.000Z' };
    expect((await admin.change('acme', origin, (there) => ({ ...there, timeoutMs: 2_000 }))).disabled).toEqual(gone);
    expect((await admin.change('acme', origin, () => ({ disabled: true }))).disabled).toEqual(gone);
    expect(await admin.change('acme', origin, (there) => ({ ...there, disabled: false }))).toEqual({ origin, secrets: [], headers: [] });
    expect((await admin.change('acme', origin, () => ({ disabled: true }))).disabled).toEqual({ reason: 'by-hand', at: '2026-01-01T00:00:00.000Z' });
  });

  test('begins anew when it is enabled, so that one failure more does not disable it again', async () => {
    const troubles = new EndpointTroubles({ documents, clock, log: silentLog });
    await troubles.failed({ tenant: 'acme', origin });
    await admin.change('acme', origin, () => ({ disabled: true }));
    expect(await documents.list('endpoint-troubles', { limit: 10 })).toHaveLength(1);
    await admin.change('acme', origin, () => ({ timeoutMs: 2_000 }));
    expect(await documents.list('endpoint-troubles', { limit: 10 })).toEqual([]);
  });
});
