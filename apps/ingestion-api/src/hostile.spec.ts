import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { problem } from '@millrace/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, keysOf, startApi } from './test/start-api.js';
import { type RawAnswer, sendAll, sendRaw } from './test/raw-socket.js';

const csv = 'InvoiceNo,StockCode\n1,a\n';
let api: Api;

beforeAll(async () => {
  api = await startApi({ MILLRACE_MAX_BODY_BYTES: '2000000' });
});
afterAll(() => api.drain());

/** The server still does its work. */
async function expectHealthy(): Promise<void> {
  const response = await fetch(`${api.url}/v1/ingestions`, { method: 'POST', body: csv, headers: { 'content-type': 'text/csv' } });
  expect(response.status).toBe(202);
}

function expectProblem({ body, head }: RawAnswer): void {
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  expect(problem.safeParse(JSON.parse(body)).error?.issues).toBeUndefined();
}

const host = 'host: x\r\n';
const post = (headers: string, body = '', version = '1.1') => `POST /v1/ingestions HTTP/${version}\r\n${headers}content-type: text/csv\r\n\r\n${body}`;

describe('a request that two servers might read in two ways', () => {
  it.each<readonly [string, string, number]>([
    ['Content-Length with Transfer-Encoding', post(`${host}content-length: 5\r\ntransfer-encoding: chunked\r\n`, '0\r\n\r\nGET / HTTP/1.1\r\n\r\n'), 400],
    ['two Content-Lengths', post(`${host}content-length: 5\r\ncontent-length: 6\r\n`, 'abcdef'), 400],
    ['a Content-Length with a sign', post(`${host}content-length: +5\r\n`, 'abcde'), 400],
    ['a Content-Length in hex', post(`${host}content-length: 0x5\r\n`, 'abcde'), 400],
    ['a transfer coding that is nearly chunked', post(`${host}transfer-encoding: xchunked\r\n`, '0\r\n\r\n'), 400],
    ['chunked before another coding', post(`${host}transfer-encoding: chunked, gzip\r\n`, '0\r\n\r\n'), 400],
    ['another coding before chunked', post(`${host}transfer-encoding: gzip, chunked\r\n`, '0\r\n\r\n'), 400],
    ['chunked with HTTP/1.0', post(`${host}transfer-encoding: chunked\r\n`, '0\r\n\r\n', '1.0'), 400],
    ['two Host lines', `GET /docs HTTP/1.1\r\n${host}host: y\r\n\r\n`, 400],
    ['no Host line', 'GET /docs HTTP/1.1\r\n\r\n', 400],
    ['an absolute target', `GET http://x/docs HTTP/1.1\r\n${host}\r\n`, 400],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 400],
    ['a space before the colon', `GET /docs HTTP/1.1\r\nhost : x\r\n\r\n`, 400],
    ['a header that goes on in the next line', `GET /docs HTTP/1.1\r\n${host}a: b\r\n c\r\n\r\n`, 400],
    ['line feeds alone', `GET /docs HTTP/1.1\nhost: x\n\n`, 400],
    ['a NUL in a header', `GET /docs HTTP/1.1\r\n${host}a: b\0c\r\n\r\n`, 400],
    ['a control character in the target', `GET /do\x01cs HTTP/1.1\r\n${host}\r\n`, 400],
    ['a chunk size that is none', post(`${host}transfer-encoding: chunked\r\n`, 'zz\r\nabc\r\n0\r\n\r\n'), 400],
    ['a version that is not there', `GET /docs HTTP/9.9\r\n${host}\r\n`, 400],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['an expectation that is not there', post(`${host}content-length: 1\r\nexpect: 200-ok\r\n`, 'x'), 417],
    ['a head of 20 KB', `GET /docs HTTP/1.1\r\n${host}a: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['70 header lines', `GET /docs HTTP/1.1\r\n${host}${Array.from({ length: 70 }, (_, i) => `h${i}: x\r\n`).join('')}\r\n`, 431],
    ['a URL of 9,000 characters', `GET /${'x'.repeat(9_000)} HTTP/1.1\r\n${host}\r\n`, 414],
    ['a URL with a broken escape', `GET /v1/ingestions/%zz HTTP/1.1\r\n${host}\r\n`, 400],
    ['a path that is not there', `GET /admin HTTP/1.1\r\n${host}\r\n`, 404],
    ['a method that nobody knows', `BREW /docs HTTP/1.1\r\n${host}\r\n`, 400],
    ['another method', `PUT /docs HTTP/1.1\r\n${host}content-length: 0\r\n\r\n`, 405],
  ])('is refused with a problem: %s', async (_, request, status) => {
    const answer = await sendRaw(api.port, request);
    expect(answer.status).toBe(status);
    expectProblem(answer);
    await expectHealthy();
  });

  it('leaves nothing on the connection for a second one', async () => {
    const answer = await sendRaw(api.port, post(`${host}content-length: 3\r\ntransfer-encoding: chunked\r\n`, `0\r\n\r\nGET /docs HTTP/1.1\r\n${host}\r\n`));
    expect(answer.head.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(answer.head).toMatch(/connection: close/i);
  });

  it('is not told from bytes at random, of which none brings the server down', async () => {
    const bytes = fc.array(fc.oneof(fc.constantFrom('POST ', '/v1/ingestions', ' HTTP/1.1', '\r\n', 'host: x', 'content-length: ', 'transfer-encoding: chunked', '5', ': '), fc.string({ maxLength: 8 })), { minLength: 3, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(bytes, async (parts) => {
        const { status } = await sendAll(api.port, `${parts.join('')}\r\n\r\n\r\n`);
        expect(status === undefined || (status >= 200 && status < 500) || status === 503).toBe(true);
      }),
      { numRuns: 150 },
    );
    await expectHealthy();
  });
});

describe('a body that is a bomb', () => {
  const send = async (body: Uint8Array | string, headers: Record<string, string>) => {
    const response = await fetch(`${api.url}/v1/ingestions`, { method: 'POST', body: body as string, headers });
    return { status: response.status, type: response.headers.get('content-type'), body: problem.parse(await response.json()) };
  };
  const json = { 'content-type': 'application/json' };
  const gzip = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
  const wide = Array.from({ length: 1_001 }, (_, i) => `c${i}`).join(',');
  const form = (count: number, part: (nth: number) => string) => `${Array.from({ length: count }, (_, nth) => `--x\r\n${part(nth)}\r\n`).join('')}--x--\r\n`;
  const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
  const file = (nth: number) => `content-disposition: form-data; name="f${nth}"; filename="${nth}.csv"\r\ncontent-type: text/csv\r\n\r\na`;

  it.each<readonly [string, Uint8Array | string, Record<string, string>, number, string]>([
    ['a hundred thousand arrays in each other', '['.repeat(100_000), json, 413, '/0'.repeat(32)],
    ['a hundred thousand objects in each other', '{"a":'.repeat(100_000), json, 413, '/a'.repeat(32)],
    ['half a million values', `[${'1,'.repeat(500_000)}1]`, json, 413, '/249999'],
    ['JSON of more than 1 MiB', `["${'x'.repeat(1_100_000)}"]`, json, 413, ''],
    ['a key twice', '{"a":1,"a":2}', json, 422, '/a'],
    ['a prototype', '[{"__proto__":{"admin":true}}]', json, 422, '/0/__proto__'],
    ['a prototype in other words', '[{"\\u005f\\u005fproto\\u005f\\u005f":{}}]', json, 422, '/0/__proto__'],
    ['the prototype of a constructor', '{"constructor":{"prototype":{}}}', json, 422, '/constructor/prototype'],
    ['a number without end', '[1e999]', json, 422, '/0'],
    ['JSON that is not UTF-8', Buffer.from([0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d]), json, 422, ''],
    ['half a surrogate pair', '["\\ud800"]', json, 422, '/0'],
    ['JSON that is none', "{'a':1}", json, 422, ''],
    ['JSON and more', '[] []', json, 422, ''],
    ['a gigabyte of zeros in a megabyte of gzip', gzipSync(Buffer.alloc(60_000_000)), gzip, 413, '#header/content-encoding'],
    ['gzip that is none', 'not gzip', gzip, 415, '#header/content-encoding'],
    ['gzip that is torn', gzipSync(csv).subarray(0, 20), gzip, 415, '#header/content-encoding'],
    ['a coding of another kind', csv, { 'content-type': 'text/csv', 'content-encoding': 'br' }, 415, '#header/content-encoding'],
    ['a PDF that is told as CSV', '%PDF-1.7', { 'content-type': 'text/csv' }, 422, ''],
    ['gzip that is told as JSON', gzipSync('[]'), json, 422, ''],
    ['a ZIP archive', Buffer.from('PK\x03\x04rest'), { 'content-type': 'text/csv' }, 422, ''],
    ['1,001 columns', `${wide}\n`, { 'content-type': 'text/csv' }, 413, ''],
    ['more than the limit', 'x'.repeat(2_100_000), { 'content-type': 'text/csv' }, 413, '#header/content-length'],
    ['thirty parts', form(30, (nth) => (nth < 3 ? file(nth) : 'x: y\r\n\r\n')), multipart, 413, ''],
    ['ten files', form(10, file), multipart, 413, ''],
    ['options of 100 KB', form(1, () => `content-disposition: form-data; name="options"\r\n\r\n${'x'.repeat(100_000)}`), multipart, 413, '#part/options'],
    ['a file name that climbs', form(2, (nth) => `content-disposition: form-data; name="f${nth}"; filename="../../etc/passwd"\r\ncontent-type: image/png\r\n\r\na`), multipart, 415, '#part/f0'],
    ['a part without an end', '--x\r\ncontent-disposition: form-data; name="a"; filename="a.csv"\r\n\r\na', multipart, 422, ''],
  ])('is refused, leaves nothing behind and hurts nobody: %s', async (_, body, headers, status, pointer) => {
    const before = await keysOf(api, '');
    const answer = await send(body, headers);
    expect([answer.status, answer.type, answer.body.errors?.[0]?.pointer]).toEqual([status, expect.stringMatching(/^application\/problem\+json/), pointer]);
    expect(answer.body.detail.length).toBeLessThan(1_100);
    expect(await keysOf(api, '')).toEqual(before);
    await expectHealthy();
  });

  it('that grows past the limit on its way is given up', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.alloc(64 * 1024, 'x')) });
    const sending = fetch(`${api.url}/v1/ingestions`, { method: 'POST', body: endless, headers: { 'content-type': 'text/csv' }, duplex: 'half' } as RequestInit);
    const outcome = await sending.then(({ status }) => status, () => 'cut off');
    expect([413, 'cut off']).toContain(outcome);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('admin');
    await expectHealthy();
  });

  it('keeps names of files for show alone', async () => {
    const data = new FormData();
    data.append('f', new File([csv], '..\\..\\a\u0000\u202eb/ü\u0308.csv', { type: 'text/csv' }));
    const response = await fetch(`${api.url}/v1/ingestions`, { method: 'POST', body: data });
    const { id } = (await response.json()) as { id: string };
    const { raw } = (await api.runs.read(id))!;
    const { files } = JSON.parse(Buffer.from(await api.blobs.get(raw!.key)).subarray(raw!.offset).toString()) as { files: Array<{ filename: string; key: string }> };
    expect(files[0]!.filename).not.toMatch(/[/\\]|\.\.|\p{Cc}|\p{Cf}/u);
    expect(files[0]!.key).toMatch(/^files\/[0-9a-f]{2}\/ing_\w+-[0-9a-f]{16}-0$/);
  });
});

describe('headers of answers', () => {
  it('tell browsers to make nothing of them, and nobody what runs here', async () => {
    const response = await fetch(`${api.url}/v1/ingestions`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
    });
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin']) expect(response.headers.get(name)).toBeNull();
  });
});

/** A place in a request at which a client goes away. */
type Place = 'in the head' | 'after the head' | 'in the body' | 'before the answer' | 'never';

describe('two hundred clients with one key', () => {
  const places: readonly Place[] = ['in the head', 'after the head', 'in the body', 'before the answer', 'never'];
  const body = `${csv}${'1,a\n'.repeat(5_000)}`;

  /** Sends the request, or as much of it as the client stays for. */
  async function race(key: string, place: Place): Promise<RawAnswer | undefined> {
    const head = `POST /v1/ingestions?callback=http://127.0.0.1:9/ HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\nidempotency-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n`;
    if (place === 'never') return sendRaw(api.port, head, body);
    const parts = { 'in the head': head.slice(0, 60), 'after the head': head, 'in the body': head + body.slice(0, 9_000), 'before the answer': head + body };
    const socket = connect(api.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.write(parts[place], () => resolve()));
    socket.destroy();
    return undefined;
  }

  it('begin one run with one webhook-id, wherever they go away', async () => {
    api.sent.length = 0;
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => race('race-1', places[i % places.length]!)));
    const told = answers.filter((answer) => answer !== undefined);
    expect(told).toHaveLength(40);
    expect(told.every(({ status }) => status === 202 || status === 409)).toBe(true);
    for (const answer of told) expect(answer.status === 202 || /retry-after: 1/i.test(answer.head)).toBe(true);
    const last = await expect.poll(() => race('race-1', 'never'), { timeout: 10_000 }).toMatchObject({ status: 202 }).then(() => race('race-1', 'never'));
    const ids = new Set([...told.filter(({ status }) => status === 202), last!].map((answer) => (JSON.parse(answer.body) as { id: string }).id));
    expect(ids.size).toBe(1);
    expect(last!.head).toMatch(/idempotency-replayed: true/i);
    const [id] = ids;
    const listed = (await api.runs.list('default', { limit: 100 })).runs.filter((run) => run.id === id);
    expect(listed).toHaveLength(1);
    expect(await keysOf(api, `raw/`)).toContain(listed[0]!.raw!.key);
    await expect.poll(() => new Set(api.sent.filter(({ body }) => body.includes(id!)).map((message) => message.id)).size).toBe(1);
  });

  it('begin one run also when two processes take them in', async () => {
    const other = await startApi({}, { runs: api.runs, blobs: api.blobs });
    const send = async (port: number) => sendRaw(port, `POST /v1/ingestions HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\nidempotency-key: race-3\r\ncontent-length: ${csv.length}\r\n\r\n${csv}`);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => send(i % 2 === 0 ? api.port : other.port)));
    expect(answers.every(({ status }) => status === 202 || status === 409)).toBe(true);
    const taken = answers.filter(({ status }) => status === 202);
    expect(new Set(taken.map(({ body }) => body)).size).toBe(1);
    expect(taken.filter(({ head }) => !/idempotency-replayed/i.test(head))).toHaveLength(1);
    await other.drain();
  });

  it('with data of two kinds begin one run, of the data that came first', async () => {
    const send = (data: string) => sendRaw(api.port, `POST /v1/ingestions HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\nidempotency-key: race-2\r\ncontent-length: ${data.length}\r\n\r\n${data}`);
    const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => send(i % 2 === 0 ? csv : `${csv}2,b\n`)));
    expect(answers.every(({ status }) => status === 202 || status === 409 || status === 422)).toBe(true);
    const ids = new Set(answers.filter(({ status }) => status === 202).map(({ body }) => (JSON.parse(body) as { id: string }).id));
    expect(ids.size).toBe(1);
    const outcomes = await Promise.all([send(csv), send(`${csv}2,b\n`)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([202, 422]);
  });
});
