import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Accepted, IngestionList, IngestionView, Manifest, Problem } from '@millrace/contracts';
import { finalKey } from '@millrace/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, finish, keysOf, startApi } from './test/start-api.js';

const csv = 'InvoiceNo,StockCode\n1,a\n';
let api: Api;

beforeAll(async () => {
  api = await startApi({ MILLRACE_DOMAINS: 'orders,sessions' });
});

afterAll(() => api.drain());

interface Asked {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Omit<IngestionView, 'status'> & Omit<Problem, 'status'> & IngestionList & { readonly status: string | number };
}

async function ask(path: string, init: RequestInit = {}): Promise<Asked> {
  const response = await fetch(`${api.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: (await response.json()) as Asked['body'] };
}

const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string>, query = '') => ask(`/v1/ingestions${query}`, { method: 'POST', body, headers });
const text = { 'content-type': 'text/csv' };
const rawOf = async (id: string) => {
  const { raw } = (await api.runs.read(id))!;
  return Buffer.from(await api.blobs.get(raw!.key)).subarray(raw!.offset ?? 0);
};

describe('POST /v1/ingestions with a raw body', () => {
  it('accepts it, keeps it and says where to look', async () => {
    const { status, headers, body } = await post(csv, text);
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/v1/ingestions/${body.id}`);
    expect(body).toEqual({ id: body.id, status: 'accepted', deadlineAt: expect.any(String) });
    expect((await rawOf(body.id)).toString()).toBe(csv);
  });

  it('keeps the options with the run', async () => {
    const query = new URLSearchParams({ domains: 'orders,sessions', budgetMs: '20000', metadata: '{"order":[1,{"a":null}]}', priority: '7', failure: 'all', filename: 'week.csv', callback: 'http://127.0.0.1:9/x' });
    const { body } = await post(csv, text, `?${query}`);
    const run = await api.runs.read(body.id);
    expect(run).toMatchObject({
      canvas: { task: 'process.initiate', args: [['orders', 'sessions']] },
      callback: { url: 'http://127.0.0.1:9/x' },
      terms: { metadata: { order: [1, { a: null }] }, priority: 7, failure: 'all' },
      raw: { filename: 'week.csv', contentType: 'text/csv' },
    });
    expect(run!.deadlineAt - run!.createdAt).toBe(20_000);
    expect((await ask(`/v1/ingestions/${body.id}`)).body.metadata).toEqual({ order: [1, { a: null }] });
    const hint = api.sent.find(({ body: message }) => message.includes(body.id));
    expect(hint?.priority).toBe(7);
  });

  it('may have no deadline', async () => {
    const { body } = await post(csv, text, '?deadline=none');
    expect(body).toEqual({ id: body.id, status: 'accepted' });
    const run = await api.runs.read(body.id);
    expect(run!.deadlineAt - run!.createdAt).toBe(24 * 3_600_000);
    expect((await ask(`/v1/ingestions/${body.id}`)).body).not.toHaveProperty('deadlineAt');
  });

  it('takes it as gzip and keeps it plain', async () => {
    const { status, body } = await post(gzipSync(csv), { ...text, 'content-encoding': 'gzip' });
    expect(status).toBe(202);
    expect((await rawOf(body.id)).toString()).toBe(csv);
  });

  it('takes JSON as data', async () => {
    const { body } = await post('[{"a":1}]', { 'content-type': 'application/json' });
    expect(await api.runs.read(body.id)).toMatchObject({ raw: { contentType: 'application/json', bytes: 9 } });
  });

  it.each([
    ['?budgetMs=5', '#query/budgetMs'],
    ['?budgetMs=x', '#query/budgetMs'],
    ['?priority=10', '#query/priority'],
    ['?metadata={"a":1,"a":2}', '#query/metadata/a'],
    ['?metadata=[1]', '#query/metadata'],
    ['?deadline=never', '#query/deadline'],
    ['?domains=weather', '#query/domains'],
    ['?domains=a&domains=b', '#query/domains'],
    ['?calback=x', '#query/calback'],
    ['?callback=ftp://x.de', '#query/callback'],
    ['?callback=http://u:p@127.0.0.1/', '#query/callback'],
    [`?metadata={"a":"${'x'.repeat(4_100)}"}`, '#query/metadata'],
    ['?__proto__=1', '#query/__proto__'],
  ])('refuses %s and points to it', async (query, pointer) => {
    const { status, body } = await post(csv, text, query);
    expect(status).toBe(422);
    expect(body.errors?.[0]?.pointer).toBe(pointer);
  });

  it('refuses private callbacks unless they are allowed', async () => {
    const strict = await startApi({ MILLRACE_CALLBACK_ALLOW_PRIVATE: 'false' });
    const response = await fetch(`${strict.url}/v1/ingestions?callback=https://169.254.169.254/x`, { method: 'POST', body: csv, headers: text });
    expect([response.status, await response.json()]).toMatchObject([422, { code: 'MILLRACE_CALLBACK_REFUSED' }]);
    await strict.drain();
  });
});

describe('POST /v1/ingestions with a form', () => {
  const file = (content: string, name: string, type = 'text/csv') => new File([content], name, { type });
  const form = (...parts: ReadonlyArray<readonly [string, string | File]>): FormData => {
    const data = new FormData();
    for (const [name, part] of parts) data.append(name, part as string);
    return data;
  };

  it('keeps each file, and a manifest as the raw data', async () => {
    const data = form(['options', '{"domains":["orders"],"metadata":{"a":1}}'], ['orders', file(csv, 'größe.csv')], ['visits', file('{"a":1}\n', 'v.ndjson', 'application/octet-stream')]);
    const { status, body } = await post(data, {});
    expect(status).toBe(202);
    const run = await api.runs.read(body.id);
    expect(run).toMatchObject({ canvas: { args: [['orders']] }, terms: { metadata: { a: 1 }, fingerprint: expect.any(String) }, raw: { contentType: 'application/vnd.millrace.manifest+json' } });
    const { files }: Manifest = JSON.parse((await rawOf(body.id)).toString());
    expect(files).toMatchObject([
      { filename: 'größe.csv', field: 'orders', contentType: 'text/csv', bytes: csv.length, sha256: createHash('sha256').update(csv).digest('hex') },
      { filename: 'v.ndjson', field: 'visits', contentType: 'application/x-ndjson' },
    ]);
    expect(Buffer.from(await api.blobs.get(files[0]!.key)).toString()).toBe(csv);
  });

  it('keeps files that are gzip as they are', async () => {
    const zipped = gzipSync(csv);
    const { body } = await post(form(['a', new File([zipped], 'a.csv.gz')], ['b', new File([zipped], 'b.csv', { type: 'text/csv' })]), {});
    const { files }: Manifest = JSON.parse((await rawOf(body.id)).toString());
    expect(files).toMatchObject([{ contentType: 'application/gzip', bytes: zipped.length }, { contentType: 'text/csv', bytes: zipped.length }]);
  });

  it.each([
    ['no file', form(['options', '{}']), 422, ''],
    ['a file of no known kind', form(['a', file('x', 'x.png', 'image/png')]), 415, '#part/a'],
    ['an empty file', form(['a', file('', 'a.csv')]), 422, '#part/a'],
    ['six files', form(...Array.from({ length: 6 }, (_, i) => [`f${i}`, file(csv, `${i}.csv`)] as const)), 413, ''],
    ['options that are no JSON', form(['options', '{'], ['a', file(csv, 'a.csv')]), 422, '#part/options'],
    ['an option that is not there', form(['options', '{"calback":1}'], ['a', file(csv, 'a.csv')]), 422, '#part/options/calback'],
    ['options twice', form(['options', '{}'], ['options', '{}'], ['a', file(csv, 'a.csv')]), 422, '#part/options'],
    ['an archive under a false name', form(['a', file('PK\u0003\u0004', 'a.csv')]), 422, '#part/a'],
    ['a JSON file that is too deep', form(['a', file('['.repeat(40), 'a.json', 'application/json')]), 413, `#part/a${'/0'.repeat(32)}`],
    ['a domain that is not there', form(['options', '{"domains":["weather"]}'], ['a', file(csv, 'a.csv')]), 422, '#query/domains'],
  ])('refuses %s and leaves nothing behind', async (_, data, status, pointer) => {
    const before = await keysOf(api, '');
    const answer = await post(data, {});
    expect(answer.status).toBe(status);
    expect(answer.body.errors?.[0]?.pointer).toBe(pointer);
    expect(await keysOf(api, '')).toEqual(before);
  });

  it('refuses one that ends in the middle, or has no boundary', async () => {
    const before = await keysOf(api, '');
    const torn = '--x\r\ncontent-disposition: form-data; name="a"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\na,b';
    expect(await post(torn, { 'content-type': 'multipart/form-data; boundary=x' })).toMatchObject({ status: 422, body: { code: 'MILLRACE_BODY_MALFORMED' } });
    expect(await post('x', { 'content-type': 'multipart/form-data' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '#header/content-type' }] } });
    expect(await keysOf(api, '')).toEqual(before);
  });
});

describe('POST /v1/ingestions with an object', () => {
  const objects = {
    open: async ({ key }: { key: string }) => ({ bytes: key === 'huge.csv' ? 1e9 : csv.length, contentType: 'binary/octet-stream', body: (await import('node:stream')).Readable.from([Buffer.from(csv)]) }),
    close: async () => undefined,
  };
  const reference = (bucket: string, key: string, options?: object) => JSON.stringify({ source: { bucket, key }, ...(options ? { options } : {}) });
  let withS3: Api;

  beforeAll(async () => {
    withS3 = await startApi({ MILLRACE_SOURCE_BUCKETS: 'uploads' }, { objects });
  });
  afterAll(() => withS3.drain());

  const send = async (body: string, to = withS3) => {
    const response = await fetch(`${to.url}/v1/ingestions`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    return { status: response.status, body: (await response.json()) as Asked['body'] };
  };

  it('reads it from a bucket that is allowed', async () => {
    const { status, body } = await send(reference('uploads', 'in/week.csv', { priority: 2 }));
    expect(status).toBe(202);
    expect(await withS3.runs.read(body.id)).toMatchObject({ raw: { filename: 'week.csv', contentType: 'text/csv', bytes: csv.length }, terms: { priority: 2 } });
  });

  it.each([
    [reference('others', 'a.csv'), 422, '/source/bucket'],
    [reference('uploads', 'huge.csv'), 413, '/source/key'],
    [reference('uploads', 'a.png'), 415, '/source/contentType'],
    [reference('uploads', 'a.csv', { budgetMs: '5' }), 422, '/options/budgetMs'],
    ['{"source":{"bucket":"uploads"}}', 422, '/source/key'],
    ['{"source":{"bucket":"uploads","key":"a.csv"},"more":1}', 422, '/more'],
  ])('refuses %s', async (body, status, pointer) => {
    expect(await send(body)).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });

  it('says so where there is no S3', async () => {
    expect(await send(reference('uploads', 'a.csv'), api)).toMatchObject({ status: 422, body: { code: 'MILLRACE_SOURCE_REFUSED', detail: expect.stringContaining('no S3') } });
  });
});

describe('an Idempotency-Key', () => {
  const keyed = (key: string, body = csv, query = '') => post(body, { ...text, 'idempotency-key': key }, query);

  it('gives the same answer to the same request', async () => {
    const first = await keyed('k-1');
    const again = await keyed('"k-1"');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([again.status, again.body]).toEqual([first.status, first.body]);
  });

  it.each([
    ['other data', `${csv}2,b\n`, ''],
    ['other options', csv, '?priority=3'],
    ['another domain', csv, '?domains=orders'],
    ['another callback', csv, '?callback=http://127.0.0.1:9/'],
  ])('is not for %s', async (_, body, query) => {
    await keyed(`k-${query}-${body.length}`);
    expect(await keyed(`k-${query}-${body.length}`, body, query)).toMatchObject({ status: 422, body: { code: 'MILLRACE_IDEMPOTENCY_KEY_REUSED' } });
  });

  it('knows forms by their files, and keeps those of the first', async () => {
    const send = (content: string) => {
      const data = new FormData();
      data.append('a', new File([content], 'a.csv', { type: 'text/csv' }));
      return post(data, { 'idempotency-key': 'form-1' });
    };
    const first = await send(csv);
    const before = await keysOf(api, '');
    const again = await send(csv);
    expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).toEqual([202, first.body.id, 'true']);
    expect(await send(`${csv}x`)).toMatchObject({ status: 422 });
    expect(await keysOf(api, '')).toEqual(before);
  });

  it('stores nothing of a request that was refused', async () => {
    expect((await keyed('k-later', csv, '?budgetMs=1')).status).toBe(422);
    expect((await keyed('k-later')).status).toBe(202);
  });

  it.each(['', 'a b', 'x'.repeat(256), 'é'])('refuses %j', async (key) => {
    const response = await post(csv, { ...text, 'idempotency-key': Buffer.from(key).toString('latin1') });
    expect(response).toMatchObject({ status: 422, body: { errors: [{ pointer: '#header/idempotency-key' }] } });
  });

  it('depends on the deployment’s secret', async () => {
    const other = await startApi({ MILLRACE_IDEMPOTENCY_SECRET: 'another one of these' });
    const response = await fetch(`${other.url}/v1/ingestions`, { method: 'POST', body: csv, headers: { ...text, 'idempotency-key': 'k-1' } });
    expect(((await response.json()) as Accepted).id).not.toBe((await keyed('k-1')).body.id);
    await other.drain();
  });
});

describe('Prefer: wait', () => {
  it('answers with the outcome when it comes in time', async () => {
    const running = post(csv, { ...text, prefer: 'respond-async, wait=30', 'idempotency-key': 'w-1' });
    const id = await expect.poll(async () => (await ask('/v1/ingestions?limit=1')).body.ingestions?.[0]?.id).toBeTruthy().then(async () => (await ask('/v1/ingestions?limit=1')).body.ingestions[0]!.id);
    await finish(api, id);
    const { status, headers, body } = await running;
    expect([status, headers.get('preference-applied')]).toEqual([200, 'wait=30']);
    expect(body).toMatchObject({ id, status: 'completed', outcome: { data: { datasets: { 'orders.dataset': { lines: 2 } } } } });
  });

  it('answers 202 when it does not', async () => {
    const { status, headers } = await post(csv, { ...text, prefer: 'wait=0' });
    expect([status, headers.get('preference-applied')]).toEqual([202, 'wait=0']);
  });

  it('is refused when it is no time', async () => {
    expect(await post(csv, { ...text, prefer: 'wait=soon' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '#header/prefer' }] } });
  });
});

describe('an ingestion', () => {
  it('is told with its results once it is over', async () => {
    const { id } = (await post(csv, text)).body;
    expect(await ask(`/v1/ingestions/${id}/results`)).toMatchObject({ status: 409, body: { code: 'MILLRACE_INGESTION_OPEN' } });
    await finish(api, id);
    expect((await ask(`/v1/ingestions/${id}`)).body).toMatchObject({ status: 'completed', tasks: [{ task: 'process.initiate' }, { task: 'orders.dataset', status: 'succeeded' }] });
    expect((await ask(`/v1/ingestions/${id}/results`)).body).toMatchObject({ type: 'ingestion.completed', data: { datasets: { 'orders.dataset': { lines: 2 } } } });
  });

  it('can be cancelled while it is not over, more than once', async () => {
    const { id } = (await post(csv, text)).body;
    expect(await ask(`/v1/ingestions/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200, body: { id, status: 'cancelled' } });
    expect(await ask(`/v1/ingestions/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await ask(`/v1/ingestions/${id}/results`)).toMatchObject({ status: 409, body: { code: 'MILLRACE_INGESTION_OVER' } });
    const done = (await post(csv, text)).body;
    await finish(api, done.id);
    expect(await ask(`/v1/ingestions/${done.id}`, { method: 'DELETE' })).toMatchObject({ status: 409, body: { code: 'MILLRACE_INGESTION_OVER' } });
  });

  it('tells of its deliveries', async () => {
    const { id } = (await post(csv, text, '?callback=http://127.0.0.1:9/x')).body;
    expect((await ask(`/v1/ingestions/${id}/deliveries`)).body).toMatchObject({ url: 'http://127.0.0.1:9/x', status: 'pending', attempts: [] });
    const silent = (await post(csv, text)).body;
    expect(await ask(`/v1/ingestions/${silent.id}/deliveries`)).toMatchObject({ status: 404, body: { code: 'MILLRACE_CALLBACK_NONE' } });
  });

  it('has its callback sent again once the delivery is over', async () => {
    const { id } = (await post(csv, text, '?callback=http://127.0.0.1:9/x')).body;
    expect(await ask(`/v1/ingestions/${id}/callback:replay`, { method: 'POST' })).toMatchObject({ status: 409, body: { code: 'MILLRACE_CALLBACK_OPEN' } });
    await finish(api, id);
    await api.blobs.put(finalKey(id), Buffer.from('{}'));
    await api.runs.beginDelivery(id, { now: Date.now(), bodySha256: 'ab'.repeat(32), leaseUntil: Date.now() + 5_000 });
    await api.runs.endDelivery(id, { attempt: 1, entry: { at: Date.now(), status: 410, ms: 1 }, status: 'exhausted' });
    api.sent.length = 0;
    expect(await ask(`/v1/ingestions/${id}/callback:replay`, { method: 'POST' })).toMatchObject({ status: 202, body: { status: 'delivering', attempts: [{ status: 410 }] } });
    await expect.poll(() => api.sent.map(({ body }) => body).join()).toContain(id);
    const silent = (await post(csv, text)).body;
    expect(await ask(`/v1/ingestions/${silent.id}/callback:replay`, { method: 'POST' })).toMatchObject({ status: 404, body: { code: 'MILLRACE_CALLBACK_NONE' } });
  });

  it('of another tenant, or of nobody, is not there', async () => {
    const { id } = (await post(csv, text)).body;
    const run = (await api.runs.read(id))!;
    await api.runs.create({ ...run, id: 'ing_foreign', tenant: 'other' }, Date.now());
    for (const unknown of ['ing_foreign', 'ing_nobody']) {
      for (const [path, method] of [['', 'GET'], ['/results', 'GET'], ['/events', 'GET'], ['/deliveries', 'GET'], ['', 'DELETE'], ['/callback:replay', 'POST']] as const) {
        expect([unknown, path, (await ask(`/v1/ingestions/${unknown}${path}`, { method })).status]).toEqual([unknown, path, 404]);
      }
    }
    expect((await api.runs.read('ing_foreign'))?.status).toBe('received');
  });
});

describe('GET /v1/ingestions', () => {
  it('goes through all of them page by page, newest first', async () => {
    const own = await startApi();
    for (let i = 0; i < 5; i++) await fetch(`${own.url}/v1/ingestions`, { method: 'POST', body: csv, headers: text });
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = (await (await fetch(`${own.url}/v1/ingestions?limit=2${cursor && `&cursor=${cursor}`}`)).json()) as IngestionList;
      seen.push(...page.ingestions.map(({ createdAt, id }) => `${createdAt} ${id}`));
      cursor = page.cursor;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual(seen.toSorted().toReversed());
    await own.drain();
  });

  it('filters by status and time', async () => {
    const own = await startApi();
    const ids = [];
    for (let i = 0; i < 6; i++) {
      const response = await fetch(`${own.url}/v1/ingestions`, { method: 'POST', body: csv, headers: text });
      ids.push(((await response.json()) as Accepted).id);
    }
    for (const id of [ids[1]!, ids[4]!]) await finish(own, id);
    const list = async (query: string) => (await (await fetch(`${own.url}/v1/ingestions?${query}`)).json()) as IngestionList;
    const all = await list('status=completed');
    expect(all.ingestions.map(({ id }) => id).toSorted()).toEqual([ids[1], ids[4]].toSorted());
    const first = await list('status=completed&limit=1');
    expect(first.ingestions).toHaveLength(1);
    const second = await list(`status=completed&limit=1&cursor=${first.cursor}`);
    expect([...first.ingestions, ...second.ingestions]).toEqual(all.ingestions);
    expect((await list('until=2020-01-01T00:00:00Z')).ingestions).toEqual([]);
    expect((await list('since=2020-01-01T00:00:00%2B02:00')).ingestions).toHaveLength(6);
    await own.drain();
  });

  it.each(['limit=0', 'limit=101', 'cursor=zzz', 'status=done', 'since=yesterday', 'what=1'])('refuses %s', async (query) => {
    expect(await ask(`/v1/ingestions?${query}`)).toMatchObject({ status: 422, body: { errors: [{ pointer: `#query/${query.split('=')[0]}` }] } });
  });
});

describe('GET /v1/ingestions/{id}/events', () => {
  const eventsOf = async (response: Response): Promise<Array<{ id: string; event: string; data: { type: string; status?: string } }>> => {
    const frames = (await response.text()).split('\n\n').filter((frame) => frame.startsWith('id:'));
    return frames.map((frame) => {
      const [id = '', event = '', data = ''] = frame.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
      return { id, event, data: JSON.parse(data) };
    });
  };

  it('tells what happens until the end', async () => {
    const { id } = (await post(csv, text)).body;
    const response = await fetch(`${api.url}/v1/ingestions/${id}/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    await finish(api, id);
    const events = await eventsOf(response);
    expect(events.map(({ event, data }) => `${event} ${data.status ?? ''}`.trim())).toEqual(expect.arrayContaining(['task', 'status completed']));
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { type: 'end', status: 'completed' } });
    for (const { event, data } of events) expect(data.type).toBe(event);
  });

  it('goes on where a client left', async () => {
    const { id } = (await post(csv, text)).body;
    await finish(api, id);
    const whole = await eventsOf(await fetch(`${api.url}/v1/ingestions/${id}/events`));
    const rest = await eventsOf(await fetch(`${api.url}/v1/ingestions/${id}/events`, { headers: { 'last-event-id': whole.at(-1)!.id } }));
    expect(whole.length).toBeGreaterThan(1);
    expect(rest.map(({ event }) => event)).toEqual(['end']);
  });

  it('ends when the server drains', async () => {
    const own = await startApi();
    const { id } = (await (await fetch(`${own.url}/v1/ingestions`, { method: 'POST', body: csv, headers: text })).json()) as Accepted;
    const response = await fetch(`${own.url}/v1/ingestions/${id}/events`);
    const reading = response.text();
    await own.drain();
    expect(await reading).toContain('"status":"accepted"');
  });
});
