import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, finish, startApi } from '../test/start-api.js';
import { operations } from './operations.js';
import { schemaOf } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

let api: Api;
let document: Json & { readonly paths: Readonly<Record<string, Readonly<Record<string, Json & { readonly responses: Readonly<Record<string, { readonly content: Json }>> }>>>> };

beforeAll(async () => {
  api = await startApi({ MILLRACE_KEYS: Buffer.alloc(32, 1).toString('base64') });
  document = (await (await fetch(`${api.url}/v1/openapi.json`)).json()) as typeof document;
});
afterAll(() => api.drain());

/** Every reference in a document, and whether it leads somewhere. */
function references(value: unknown, root: unknown): ReadonlyArray<readonly [string, boolean]> {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key !== '$ref' || typeof inner !== 'string') return references(inner, root);
    let at: unknown = root;
    for (const part of inner.replace(/^#\//, '').split('/')) at = (at as Json | undefined)?.[part];
    return [[inner, at !== undefined] as const];
  });
}

describe('the OpenAPI document', () => {
  it('has every route of the router, and no other', () => {
    const routed = api.routes.map(({ method, url }) => `${method} ${url.replaceAll('::', '\0').replaceAll(/:(\w+)/g, '{$1}').replaceAll('\0', ':')}`);
    const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(documented.toSorted()).toEqual([...new Set(routed)].toSorted());
    expect(operations).toHaveLength(documented.length);
  });

  it('leads nowhere that is not', async () => {
    const asyncapi: unknown = await (await fetch(`${api.url}/v1/asyncapi.json`)).json();
    for (const one of [document, asyncapi]) {
      const all = references(one, one);
      expect(all.length).toBeGreaterThan(10);
      expect(all.filter(([, leads]) => !leads)).toEqual([]);
    }
  });

  it('has schemas that are JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'https://millrace.example/openapi', ...document });
    const { schemas } = document['components'] as { readonly schemas: Json };
    for (const name of Object.keys(schemas)) expect(() => ajv.getSchema(`https://millrace.example/openapi#/components/schemas/${name}`)).not.toThrow();
  });

  it('names every operation once', () => {
    const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('shows the page without anything from elsewhere', async () => {
    const response = await fetch(`${api.url}/docs`);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).not.toMatch(/<script|https?:\/\/(?!127)/);
    for (const { path, id } of operations) expect(html).toMatch(new RegExp(`id="${id}"><h2><b class="\\w+">\\w+</b> ${path}<`));
    const anchors = [...html.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
    expect(anchors.filter((anchor) => !html.includes(`id="${anchor}"`))).toEqual([]);
  });
});

describe('every answer', () => {
  const csv = 'InvoiceNo,StockCode\n1,a\n';

  /** Asks, and holds the answer against what the document says of that status. */
  async function asDocumented(operationPath: string, path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(`${api.url}${path}`, init);
    const described = document.paths[operationPath]?.[(init.method ?? 'GET').toLowerCase()]?.responses[response.status];
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    const schema = (described?.content[type] as { readonly schema?: { readonly $ref: string } } | undefined)?.schema;
    expect([path, response.status, schema?.$ref]).toEqual([path, response.status, expect.any(String)]);
    const body: unknown = await response.json();
    expect(schemaOf(schema!.$ref.split('/').at(-1) as 'Problem').safeParse(body).error?.issues).toBeUndefined();
    return body;
  }

  it('is what the document says it is', async () => {
    expect.hasAssertions();
    const base = '/v1/ingestions';
    const post = { method: 'POST', body: csv, headers: { 'content-type': 'text/csv' } };
    const { id } = (await asDocumented(base, `${base}?callback=http://127.0.0.1:9/&metadata={"a":[1]}`, post)) as { readonly id: string };
    await asDocumented(base, `${base}?budgetMs=1`, post);
    await asDocumented(base, base, { ...post, headers: { 'content-type': 'image/png' } });
    await asDocumented(base, `${base}?limit=5`);
    await asDocumented(base, `${base}?limit=x`);
    await asDocumented(`${base}/{id}`, `${base}/${id}`);
    await asDocumented(`${base}/{id}/results`, `${base}/${id}/results`);
    await asDocumented(`${base}/{id}/deliveries`, `${base}/${id}/deliveries`);
    await finish(api, id);
    await asDocumented(base, base, { ...post, headers: { ...post.headers, prefer: 'wait=0' } });
    await asDocumented(`${base}/{id}`, `${base}/${id}`);
    await asDocumented(`${base}/{id}/results`, `${base}/${id}/results`);
    await asDocumented(`${base}/{id}`, `${base}/${id}`, { method: 'DELETE' });
    await asDocumented(`${base}/{id}/callback:replay`, `${base}/${id}/callback:replay`, { method: 'POST' });
    await asDocumented(`${base}/{id}`, `${base}/nobody`);
    await asDocumented(`${base}/{id}/deliveries`, `${base}/nobody/deliveries`);
  });

  it('of endpoints is what the document says it is', async () => {
    expect.hasAssertions();
    const [one, at] = ['/v1/endpoints/{origin}', `/v1/endpoints/${encodeURIComponent('https://hooks.example.com')}`];
    const put = (body: string, type = 'application/json') => ({ method: 'PUT', body, headers: { 'content-type': type } });
    const rotate = { method: 'POST', body: '{"kind":"key-pair"}', headers: { 'content-type': 'application/json' } };
    await asDocumented(one, at, put('{"headers":{"x-a":"b"},"allowHttp":true,"maxInFlight":3,"timeoutMs":2000,"disabled":true}'));
    await asDocumented(`${one}/secret:rotate`, `${at}/secret:rotate`, { method: 'POST' });
    await asDocumented(`${one}/secret:rotate`, `${at}/secret:rotate`, rotate);
    for (const refused of [put('{"timeoutMs":0}'), put('{'), put('a', 'text/csv')]) await asDocumented(one, at, refused);
    await asDocumented(one, at);
    await asDocumented(one, '/v1/endpoints/nowhere');
    await asDocumented('/v1/endpoints', '/v1/endpoints');
    await asDocumented(one, at, { method: 'DELETE' });
    await asDocumented('/v1/callbacks', '/v1/callbacks?state=exhausted');
    await asDocumented('/v1/callbacks', '/v1/callbacks?state=x');
  });

  it('to another method tells those that there are', async () => {
    for (const [path, allow] of [['/v1/ingestions', 'POST, GET'], ['/v1/ingestions/x', 'GET, DELETE'], [`/v1/endpoints/${encodeURIComponent('https://a.b')}`, 'GET, PUT, DELETE'], ['/docs', 'GET']] as const) {
      const response = await fetch(`${api.url}${path}`, { method: 'PATCH' });
      expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
      expect(schemaOf('Problem').safeParse(await response.json()).success).toBe(true);
    }
  });
});
