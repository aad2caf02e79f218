import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, systemClock } from '@millrace/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from './errors.js';
import { MillraceClient } from './millrace-client.js';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let client: MillraceClient;
let asked: Asked[];
/** Answers the nth request; the last of them answers all that follow. */
let answers: Array<(response: ServerResponse, request: Asked) => void>;
let pauses: number[];

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => (response: ServerResponse) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const refuse = (status: number, code: string, headers: Record<string, string> = {}) => json(status, { type: 'urn:x', title: 'No', status, code, detail: `no: ${code}` }, headers);
const accepted = json(202, { id: 'ing_1', status: 'accepted', deadlineAt: '2026-01-01T00:00:10.000Z' }, { location: '/v1/ingestions/ing_1' });

beforeEach(async () => {
  [asked, pauses, answers] = [[], [], [accepted]];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      asked.push(one);
      (answers.length > 1 ? answers.shift()! : answers[0]!)(response, one);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // pauses pass at once, and are noted
  const clock = { ...systemClock, after: (ms: number, fire: () => void) => (pauses.push(ms), systemClock.after(0, fire)) };
  client = new MillraceClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, apiKey: 'mr_live_x', clock, random: seededRandom(1) });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('ingest', () => {
  it('sends data with its options in the query, a key and credentials', async () => {
    const result = await client.ingest('a,b\n1,2\n', 'text/csv', { domains: ['orders', 'sessions'], budgetMs: 20_000, metadata: { order: [1] }, callback: 'https://example.com/hook?a=b' });
    expect(result).toEqual({ id: 'ing_1', status: 'accepted', deadlineAt: '2026-01-01T00:00:10.000Z', replayed: false });
    const [{ url, headers, body, method }] = asked as [Asked];
    expect([method, body, headers['content-type'], headers['authorization']]).toEqual(['POST', 'a,b\n1,2\n', 'text/csv', 'Bearer mr_live_x']);
    expect(Object.fromEntries(new URL(url, 'http://x').searchParams)).toEqual({ domains: 'orders,sessions', budgetMs: '20000', metadata: '{"order":[1]}', callback: 'https://example.com/hook?a=b' });
    expect(headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('tries again with the same key after what Retry-After asks for, or a growing pause', async () => {
    answers = [refuse(503, 'MILLRACE_OVERLOADED', { 'retry-after': '7' }), refuse(409, 'MILLRACE_IDEMPOTENCY_KEY_IN_USE', { 'retry-after': '1' }), (response) => response.destroy(), accepted];
    await client.ingest('x', 'text/csv');
    expect(asked).toHaveLength(4);
    expect(new Set(asked.map(({ headers, body }) => `${headers['idempotency-key']} ${body}`)).size).toBe(1);
    expect(pauses.slice(0, 2)).toEqual([7_000, 1_000]);
    expect(pauses[2]).toBeGreaterThanOrEqual(500);
    expect(pauses[2]).toBeLessThanOrEqual(1_500);
  });

  it('gives up after four tries, and at once for what no other try would help', async () => {
    answers = [refuse(429, 'MILLRACE_RATE_LIMITED')];
    await expect(client.ingest('x', 'text/csv')).rejects.toMatchObject({ code: 'MILLRACE_RATE_LIMITED', status: 429 });
    expect(asked).toHaveLength(4);
    answers = [refuse(422, 'MILLRACE_PARAMETERS')];
    const refused = await client.ingest('x', 'text/csv').catch((err: unknown) => err);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ code: 'MILLRACE_PARAMETERS', retryable: false, message: 'no: MILLRACE_PARAMETERS', problem: { status: 422 } });
    expect(asked).toHaveLength(5);
  });

  it('takes the word of a proxy for a problem', async () => {
    answers = [(response) => void response.writeHead(502).end('<html>bad gateway')];
    await expect(client.get('x')).rejects.toMatchObject({ code: 'MILLRACE_REQUEST', status: 502, message: '<html>bad gateway' });
  });

  it('says that nobody answers', async () => {
    const nobody = new MillraceClient({ url: 'http://127.0.0.1:1', attempts: 1 });
    await expect(nobody.get('x')).rejects.toMatchObject({ code: 'MILLRACE_API_UNREACHABLE', message: expect.stringContaining('http://127.0.0.1:1 does not answer') });
  });

  it('sends a stream once, and one that can be made anew as often as it takes', async () => {
    const stream = () => new Blob(['a,b\n']).stream() as ReadableStream<Uint8Array>;
    answers = [refuse(503, 'MILLRACE_OVERLOADED')];
    await expect(client.ingest(stream(), 'text/csv')).rejects.toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
    answers = [refuse(503, 'MILLRACE_OVERLOADED'), accepted];
    await client.ingest(stream, 'text/csv');
    expect(asked.slice(1).map(({ body }) => body)).toEqual(['a,b\n', 'a,b\n']);
  });

  it('sends a file by its path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'millrace-client-'));
    await writeFile(join(folder, 'week.ndjson'), '{"a":1}\n');
    await client.ingestFile(join(folder, 'week.ndjson'));
    await rm(folder, { recursive: true });
    expect(asked[0]).toMatchObject({ url: '/v1/ingestions?filename=week.ndjson', body: '{"a":1}\n', headers: { 'content-type': 'application/x-ndjson' } });
  });

  it('sends several files as a form, and names objects', async () => {
    await client.ingestFiles([new File(['a'], 'a.csv', { type: 'text/csv' }), new File(['b'], 'b.csv')], { priority: 3 });
    expect(asked[0]!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    for (const part of ['name="options"', '{"priority":3}', 'filename="a.csv"', 'filename="b.csv"']) expect(asked[0]!.body).toContain(part);
    await client.ingestObject({ bucket: 'b', key: 'k.csv' }, { priority: 1 });
    expect(JSON.parse(asked[1]!.body)).toEqual({ source: { bucket: 'b', key: 'k.csv' }, options: { priority: 1 } });
  });

  it('tells of a request that was made before, and stops when it is to', async () => {
    answers = [json(202, { id: 'ing_1', status: 'accepted' }, { 'idempotency-replayed': 'true' })];
    expect(await client.ingest('x', 'text/csv', { idempotencyKey: 'mine' })).toMatchObject({ replayed: true });
    expect(asked[0]!.headers['idempotency-key']).toBe('mine');
    await expect(client.ingest('x', 'text/csv', { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  });
});

describe('what becomes of it', () => {
  it('can be waited for', async () => {
    answers = [json(200, { id: 'i', status: 'accepted' }), json(200, { id: 'i', status: 'running' }), json(200, { id: 'i', status: 'partial' })];
    expect(await client.wait('i')).toMatchObject({ status: 'partial' });
    expect(asked.map(({ headers }) => headers['prefer'])).toEqual(['wait=30', 'wait=30', 'wait=30']);
    answers = [json(200, { id: 'i', status: 'running' })];
    await expect(client.wait('i', { timeoutMs: 0 })).rejects.toMatchObject({ code: 'MILLRACE_API_NOT_YET' });
  });

  it('is listed over all pages', async () => {
    answers = [json(200, { ingestions: [{ id: 'c' }, { id: 'b' }], cursor: 'next' }), json(200, { ingestions: [{ id: 'a' }] })];
    const ids: string[] = [];
    for await (const { id } of client.list({ status: 'completed', limit: 2 })) ids.push(id);
    expect(ids).toEqual(['c', 'b', 'a']);
    expect(asked.map(({ url }) => url)).toEqual(['/v1/ingestions?status=completed&limit=2', '/v1/ingestions?status=completed&limit=2&cursor=next']);
  });

  it('is told as it happens, past a connection that is lost', async () => {
    const event = (id: number, data: object) => `id: ${id}\nevent: x\ndata: ${JSON.stringify(data)}\n\n`;
    const stream = (text: string) => (response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`retry: 2000\n\n: \n\n${text.slice(0, 20)}`);
      response.write(text.slice(20), () => response.destroy());
    };
    answers = [stream(event(3, { type: 'status', status: 'running' })), stream(event(5, { type: 'status', status: 'completed' }) + event(5, { type: 'end', status: 'completed' }))];
    const seen: string[] = [];
    for await (const { type } of client.events('i')) seen.push(type);
    expect(seen).toEqual(['status', 'status', 'end']);
    expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '3']);
  });

  it('is asked for by the paths of the API', async () => {
    answers = [json(200, {})];
    await client.get('a/b');
    await client.results('i');
    await client.deliveries('i');
    await client.cancel('i');
    await client.replay('i');
    expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/ingestions/a%2Fb',
      'GET /v1/ingestions/i/results',
      'GET /v1/ingestions/i/deliveries',
      'DELETE /v1/ingestions/i',
      'POST /v1/ingestions/i/callback:replay',
    ]);
  });
});
