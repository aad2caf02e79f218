import { KeyRing, type Scope } from '@millrace/tenants';
import { systemClock, systemRandom } from '@millrace/kernel';
import { MemoryDocumentStore } from '@millrace/testkit';
import { DeadCallbacks } from '@millrace/webhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Api, finish, startApi } from '../test/start-api.js';

const pepper = 'a pepper of sixteen characters';
let api: Api;
let ring: KeyRing;
let dead: DeadCallbacks;

const open = async (env: Readonly<Record<string, string>> = {}) => {
  const documents = new MemoryDocumentStore();
  dead = new DeadCallbacks(documents);
  ring = new KeyRing(documents, pepper, { clock: systemClock, random: systemRandom });
  api = await startApi({ MILLRACE_AUTH: 'required', MILLRACE_API_KEY_PEPPER: pepper, MILLRACE_KEYS: Buffer.alloc(32, 1).toString('base64'), ...env }, { documents });
};
const key = async (tenant: string, ...scopes: Scope[]): Promise<string> => (await ring.issue({ tenant, scopes })).token;
const csv = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';

async function ask(method: string, path: string, token?: string) {
  const type = path.startsWith('/v1/ingestions') ? 'text/csv' : 'application/json';
  const content = method === 'GET' || method === 'DELETE' ? {} : { body: type === 'text/csv' ? csv : '{}' };
  const headers = { ...('body' in content ? { 'content-type': type } : {}), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${api.url}${path}`, { method, headers, ...content });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
}

beforeEach(() => open());
afterEach(async () => {
  await api.drain();
});

describe('without a good credential', () => {
  it('nothing of a tenant is to be had, and the answer says what to send', async () => {
    const { status, headers, body } = await ask('POST', '/v1/ingestions');
    expect([status, headers.get('www-authenticate'), headers.get('content-type')]).toEqual([401, 'Bearer', 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({ code: 'MILLRACE_UNAUTHENTICATED', title: 'Not authenticated', detail: 'the request has no Authorization header; send Authorization: Bearer <API key>' });
    expect((await ask('GET', '/v1/ingestions/ing_1', 'mr_000000000000_nothing')).status).toBe(401);
    for (const { method, url } of api.routes.filter(({ url }) => url.startsWith('/v1/') && !url.endsWith('.json'))) {
      const path = url.replaceAll('::', '\0').replaceAll(/:\w+/g, 'x').replaceAll('\0', ':');
      expect([method, path, (await ask(method, path)).status]).toEqual([method, path, 401]);
    }
    expect(api.sent).toEqual([]);
  });

  it('a link to results is looked at, and let in only if it is good', async () => {
    expect((await ask('GET', '/v1/ingestions/ing_1/results?expires=1&signature=bad')).status).toBe(404);
    expect((await ask('GET', '/v1/ingestions/ing_1/results?expires=1')).status).toBe(401);
  });

  it('the reference can be read', async () => {
    expect((await ask('GET', '/v1/openapi.json')).status).toBe(200);
  });
});

describe('a tenant', () => {
  const routes = (id: string) => [
    ['GET', `/v1/ingestions/${id}`],
    ['GET', `/v1/ingestions/${id}/results`],
    ['GET', `/v1/ingestions/${id}/events`],
    ['GET', `/v1/ingestions/${id}/deliveries`],
    ['POST', `/v1/ingestions/${id}/callback:replay`],
    ['DELETE', `/v1/ingestions/${id}`],
  ] as const;

  const endpoint = `/v1/endpoints/${encodeURIComponent('https://hooks.example.com')}`;
  const endpointRoutes = [
    ['GET', '/v1/callbacks'],
    ['GET', '/v1/endpoints'],
    ['GET', endpoint],
    ['PUT', endpoint],
    ['POST', `${endpoint}/secret:rotate`],
    ['DELETE', endpoint],
  ] as const;

  it('sees and changes its own endpoints and nobody else’s, by any route', async () => {
    const [acme, zoo] = [await key('acme', 'admin'), await key('zoo', 'admin')];
    for (const [method, path] of endpointRoutes.slice(3, 5)) expect([path, (await ask(method, path, acme)).status]).toEqual([path, 200]);
    const own = (await ask('GET', endpoint, acme)).body;
    expect(own).toMatchObject({ secrets: [{ kind: 'shared' }] });
    expect((await ask('GET', '/v1/endpoints', zoo)).body).toEqual({ endpoints: [] });
    expect((await ask('GET', endpoint, zoo)).body).toMatchObject({ secrets: [] });
    for (const [method, path] of endpointRoutes) expect([path, (await ask(method, path, zoo)).status]).toEqual([path, 200]);
    expect((await ask('GET', endpoint, acme)).body).toEqual(own);
  });

  it('sees its own dead callbacks and nobody else’s', async () => {
    await dead.add('acme', { run: 'ing_1', status: 'exhausted', origin: 'https://a.example', at: Date.now(), attempts: 10, reason: 'answered with 500' });
    const listed = async (tenant: string) => ((await ask('GET', '/v1/callbacks', await key(tenant, 'read'))).body.callbacks as unknown[]).length;
    expect([await listed('acme'), await listed('zoo')]).toEqual([1, 0]);
  });

  it('changes endpoints with a key for that alone', async () => {
    for (const scope of ['ingest', 'read', 'replay', 'admin'] as const) {
      const token = await key(`acme-${scope}`, scope);
      for (const [method, path] of endpointRoutes) {
        const expected = scope === 'admin' || (scope === 'read' && method === 'GET');
        expect([scope, method, path, (await ask(method, path, token)).status !== 403]).toEqual([scope, method, path, expected]);
      }
    }
  });

  it('sees its own ingestions and nobody else’s, by any route', async () => {
    const [acme, zoo] = [await key('acme', 'admin'), await key('zoo', 'admin')];
    const { body } = await ask('POST', '/v1/ingestions?callback=http://127.0.0.1:1/hook', acme);
    await finish(api, String(body.id));
    for (const [method, path] of routes(String(body.id))) {
      expect([path, (await ask(method, path, zoo)).status]).toEqual([path, 404]);
    }
    expect((await ask('GET', `/v1/ingestions/${body.id}`, acme)).status).toBe(200);
    const listed = async (token: string) => ((await ask('GET', '/v1/ingestions', token)).body.ingestions as unknown[]).length;
    expect([await listed(acme), await listed(zoo)]).toEqual([1, 0]);
  });

  it('does what its key is good for', async () => {
    const admin = await key('acme', 'admin');
    const id = String((await ask('POST', '/v1/ingestions', admin)).body.id);
    const allowed: Record<string, readonly string[]> = { ingest: ['POST', 'DELETE'], read: ['GET'], replay: [] };
    for (const scope of ['ingest', 'read', 'replay'] as const) {
      const token = await key(`acme-${scope}`, scope);
      for (const [method, path] of [['POST', '/v1/ingestions'], ...routes(id)] as const) {
        const expected = path.endsWith('replay') ? scope === 'replay' : allowed[scope]?.includes(method);
        expect([scope, method, path, (await ask(method, path, token)).status !== 403]).toEqual([scope, method, path, expected]);
      }
    }
    const refused = await ask('POST', '/v1/ingestions', await key('reader', 'read'));
    expect(refused.body).toMatchObject({ code: 'MILLRACE_FORBIDDEN', detail: 'the credential of tenant reader has read, but ingest is needed' });
  });
});

describe('limits', () => {
  it('hold each tenant to its rate, and tell how much is left', async () => {
    await api.drain();
    await open({ MILLRACE_TENANT_PER_MINUTE: '20' });
    const [acme, zoo] = [await key('acme', 'ingest'), await key('zoo', 'ingest')];
    const first = await ask('POST', '/v1/ingestions', acme);
    expect([first.status, first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual([202, '"tenant";q=20;w=60;burst=2', '"tenant";r=1;t=3']);
    await ask('POST', '/v1/ingestions', acme);
    const refused = await ask('POST', '/v1/ingestions', acme);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect(refused.body).toMatchObject({ code: 'MILLRACE_RATE_LIMITED', title: 'Too many requests' });
    expect((await ask('POST', '/v1/ingestions', zoo)).status).toBe(202);
  });

  it('hold each tenant to what it may have under way', async () => {
    await api.drain();
    await open({ MILLRACE_TENANT_MAX_IN_FLIGHT: '2' });
    const token = await key('acme', 'ingest');
    for (let i = 0; i < 2; i++) api.load.begun('acme', systemClock.now());
    const refused = await ask('POST', '/v1/ingestions', token);
    expect([refused.status, refused.body.code]).toEqual([429, 'MILLRACE_TENANT_BUSY']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('refuse what cannot end in time, unless it may take its time', async () => {
    const token = await key('acme', 'ingest');
    for (let i = 0; i < 500; i++) api.load.begun('others', systemClock.now());
    const refused = await ask('POST', '/v1/ingestions', token);
    expect([refused.status, refused.body.code, refused.body.title]).toEqual([503, 'MILLRACE_OVERLOADED', 'Overloaded']);
    expect((await ask('POST', '/v1/ingestions?deadline=none', token)).status).toBe(202);
  });
});
