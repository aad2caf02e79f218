import { systemClock, systemRandom } from '@millrace/kernel';
import { MemoryDocumentStore } from '@millrace/testkit';
import { DeadCallbacks, openEndpointStore } from '@millrace/webhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Api, startApi } from '../test/start-api.js';

const keys = [Buffer.alloc(32, 1).toString('base64')];
const origin = 'https://hooks.example.com';
const path = `/v1/endpoints/${encodeURIComponent(origin)}`;

let api: Api;
let documents: MemoryDocumentStore;
const stored = () => openEndpointStore(keys, { documents, random: systemRandom });

const start = async (env: Readonly<Record<string, string>> = {}) => {
  documents = new MemoryDocumentStore(systemClock);
  api = await startApi({ MILLRACE_CALLBACK_ALLOW_PRIVATE: 'false', MILLRACE_KEYS: keys.join(','), ...env }, { documents });
};
beforeEach(() => start());
afterEach(() => api.drain());

async function ask(method: string, at: string, body?: unknown, type = 'application/json') {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } };
  const response = await fetch(`${api.url}${at}`, { method, ...content });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> & { readonly errors?: ReadonlyArray<{ readonly pointer: string }> } };
}

describe('an endpoint', () => {
  it('of which nothing is said has no settings', async () => {
    expect(await ask('GET', path)).toEqual({ status: 200, body: { origin, secrets: [], headers: [] } });
    expect((await ask('GET', '/v1/endpoints')).body).toEqual({ endpoints: [] });
  });

  it('has the settings that were put, without what is secret', async () => {
    const settings = { headers: { authorization: 'Bearer hush' }, allowHttp: true, maxInFlight: 3, timeoutMs: 2_000 };
    const shown = { ...settings, origin, secrets: [], headers: ['authorization'] };
    expect(await ask('PUT', path, settings)).toEqual({ status: 200, body: shown });
    expect((await ask('GET', '/v1/endpoints')).body).toEqual({ endpoints: [shown] });
    expect(await stored().get('default', origin)).toEqual(settings);
  });

  it('keeps its secrets when settings are put, and nothing else', async () => {
    await ask('PUT', path, { maxInFlight: 3, headers: { 'x-a': 'b' } });
    await ask('POST', `${path}/secret:rotate`);
    expect((await ask('PUT', path, { timeoutMs: 2_000 })).body).toEqual({ origin, secrets: [{ kind: 'shared' }], headers: [], timeoutMs: 2_000 });
  });

  it('is disabled and enabled by its settings', async () => {
    expect((await ask('PUT', path, { disabled: true })).body).toMatchObject({ disabled: { reason: 'by-hand' } });
    expect((await ask('PUT', path, { timeoutMs: 2_000 })).body).not.toHaveProperty('disabled');
  });

  it('can be forgotten', async () => {
    await ask('PUT', path, { maxInFlight: 3 });
    expect(await ask('DELETE', path)).toEqual({ status: 200, body: { origin, secrets: [], headers: [] } });
    expect(await stored().list('default')).toEqual(new Map());
  });

  it.each(['https://*.example.com', '*', 'http://hooks.example.com:8080', `https://${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.com`])('may be %s', async (of) => {
    expect((await ask('PUT', `/v1/endpoints/${encodeURIComponent(of)}`, {})).status).toBe(200);
    expect([...(await stored().list('default')).keys()]).toEqual([of]);
  });

  it.each(['hooks.example.com', 'https://hooks.example.com/path', 'https://hooks.example.com:443'])('is not %s', async (of) => {
    for (const [method, body] of [['GET', undefined], ['PUT', {}], ['DELETE', undefined]] as const) {
      expect(await ask(method, `/v1/endpoints/${encodeURIComponent(of)}`, body)).toMatchObject({ status: 422, body: { code: 'MILLRACE_ENDPOINT_SETTINGS', title: 'The request cannot be accepted' } });
    }
  });

  it.each<[unknown, string]>([
    [{ timeoutMs: 0 }, '/timeoutMs'],
    [{ maxInFlight: '3' }, '/maxInFlight'],
    [{ headers: { host: 'internal' } }, '/headers'],
    [{ secrets: [{ secret: 'whsec_x' }] }, '/secrets'],
    [{ disabled: { reason: 'gone', at: 1 } }, '/disabled'],
    ['[]', ''],
    ['', ''],
  ])('is not set to %j', async (settings, pointer) => {
    const { status, body } = await ask('PUT', path, settings);
    expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });

  it('is set by JSON alone, which says each thing once', async () => {
    expect((await ask('PUT', path, 'timeoutMs=2000', 'application/x-www-form-urlencoded')).status).toBe(415);
    expect((await ask('PUT', path, '{"timeoutMs":2000,"timeoutMs":3000}')).body).toMatchObject({ code: 'MILLRACE_BODY_MALFORMED' });
    expect((await ask('PUT', path)).status).toBe(422);
  });
});

describe('a secret', () => {
  it('is told when it is made, and never again', async () => {
    const { body } = await ask('POST', `${path}/secret:rotate`);
    expect(body).toEqual({ origin, verifyWith: expect.stringMatching(/^whsec_/) });
    expect(await stored().get('default', origin)).toEqual({ secrets: [{ secret: body['verifyWith'] }] });
    expect(JSON.stringify([await ask('GET', path), await ask('GET', '/v1/endpoints'), await ask('PUT', path, {})])).not.toContain(String(body['verifyWith']).slice(6));
  });

  it('of a key pair stays here, and its public key is told', async () => {
    const { body } = await ask('POST', `${path}/secret:rotate`, { kind: 'key-pair', graceMs: 0 });
    expect(body).toEqual({ origin, verifyWith: expect.stringMatching(/^whpk_/) });
    expect((await ask('GET', path)).body['secrets']).toEqual([{ kind: 'key-pair', publicKey: body['verifyWith'] }]);
  });

  it('needs a key of the deployment', async () => {
    await api.drain();
    await start({ MILLRACE_KEYS: '' });
    expect(await ask('POST', `${path}/secret:rotate`)).toMatchObject({ status: 409, body: { code: 'MILLRACE_DEPLOYMENT_KEY', detail: expect.stringContaining('MILLRACE_KEYS') } });
  });

  it.each([{ kind: 'other' }, { graceMs: -1 }, { graceMs: 40 * 86_400_000 }, { secret: 'whsec_x' }])('is not made by %j', async (rotation) => {
    expect((await ask('POST', `${path}/secret:rotate`, rotation)).status).toBe(422);
  });
});

describe('callbacks that nobody took', () => {
  const at = Date.now();
  beforeEach(async () => {
    const dead = new DeadCallbacks(documents);
    for (let n = 1; n <= 5; n++) {
      await dead.add('default', { run: `ing_${n}`, status: n === 2 ? 'endpoint-disabled' : 'exhausted', origin, at, attempts: n, reason: 'answered with 500' });
    }
  });

  it('are listed page by page', async () => {
    const ids: unknown[] = [];
    for (let cursor: unknown = ''; cursor !== undefined; ) {
      const { body } = await ask('GET', `/v1/callbacks?limit=2${cursor === '' ? '' : `&cursor=${String(cursor)}`}`);
      ids.push(...(body['callbacks'] as Array<{ ingestionId: string }>).map(({ ingestionId }) => ingestionId));
      cursor = body['cursor'];
    }
    expect(ids).toEqual(['ing_1', 'ing_2', 'ing_3', 'ing_4', 'ing_5']);
  });

  it('are listed by how they ended', async () => {
    expect((await ask('GET', '/v1/callbacks?state=disabled')).body).toEqual({
      callbacks: [{ ingestionId: 'ing_2', state: 'disabled', origin, endedAt: new Date(at).toISOString(), attempts: 2, reason: 'answered with 500' }],
    });
    expect((await ask('GET', '/v1/callbacks?state=exhausted')).body['callbacks']).toHaveLength(4);
  });

  it.each(['state=delivered', 'limit=0', 'cursor=%20', 'tenant=zoo'])('are not listed by ?%s', async (query) => {
    expect((await ask('GET', `/v1/callbacks?${query}`)).status).toBe(422);
  });
});

describe('an ingestion', () => {
  const begin = async (callback: string, headers = {}) => {
    const response = await fetch(`${api.url}/v1/ingestions?callback=${encodeURIComponent(callback)}`, { method: 'POST', body: 'a,b\n1,2\n', headers: { 'content-type': 'text/csv', ...headers } });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
  };

  it('calls back over http where its tenant allows that, and only there', async () => {
    await ask('PUT', `/v1/endpoints/${encodeURIComponent('http://old.example.com')}`, { allowHttp: true });
    expect((await begin('http://old.example.com/x')).status).toBe(202);
    const refused = await begin('http://hooks.example.com/x');
    expect(refused).toMatchObject({ status: 422, body: { code: 'MILLRACE_CALLBACK_REFUSED', errors: [{ pointer: '#query/callback' }], detail: expect.stringContaining('PUT /v1/endpoints/http%3A%2F%2Fhooks.example.com with allowHttp') } });
    expect((await begin('http://old.example.com:8080/x')).status).toBe(422);
    expect((await begin('https://hooks.example.com/x')).status).toBe(202);
  });

  it('calls back over http in local use', async () => {
    await api.drain();
    await start({ MILLRACE_CALLBACK_ALLOW_PRIVATE: 'true' });
    expect((await begin('http://127.0.0.1:9/x')).status).toBe(202);
  });

  it('is refused while its endpoint is disabled, and begins as soon as that is enabled', async () => {
    await stored().disable('default', origin, { reason: 'gone', at: 1 });
    expect(await begin(`${origin}/x`)).toMatchObject({
      status: 422,
      body: { code: 'MILLRACE_ENDPOINT_DISABLED', detail: `the endpoint ${origin} is disabled: it answered 410. Enable it (PUT ${path}), or leave the callback out and ask for the outcome` },
    });
    expect(api.sent).toEqual([]);
    await ask('PUT', path, {});
    expect((await begin(`${origin}/x`)).status).toBe(202);
  });

  it('that was begun before is the same when it is sent again, whatever has become of its endpoint', async () => {
    const key = { 'idempotency-key': 'once' };
    const first = await begin(`${origin}/x`, key);
    await stored().disable('default', origin, { reason: 'by-hand', at: 1 });
    const { runs, blobs, drain } = api;
    api = await startApi({ MILLRACE_CALLBACK_ALLOW_PRIVATE: 'false', MILLRACE_KEYS: keys.join(',') }, { documents, runs, blobs });
    await drain();
    expect((await begin(`${origin}/x`)).status).toBe(422);
    const again = await begin(`${origin}/x`, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([202, 'true', first.body]);
  });

  it('takes no look at the store for settings that it knows', async () => {
    await begin(`${origin}/x`);
    const list = vi.spyOn(documents, 'list');
    for (let i = 0; i < 5; i++) expect((await begin(`${origin}/x`)).status).toBe(202);
    expect(list).not.toHaveBeenCalled();
  });
});
