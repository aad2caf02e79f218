import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates, type TlsOptions } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { systemClock } from '@millrace/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { classify, type Verdict } from './classify.js';
import { type CallbackClient, type CallbackResponse, createCallbackClient } from './post-callback.js';
import { pour, Receivers } from './test/receivers.js';

const certificate = (name: string): string => readFileSync(new URL(`./test/certificates/${name}.pem`, import.meta.url), 'utf8');
const tlsWith = (name: string, more: TlsOptions = {}): TlsOptions => ({ key: certificate(name), cert: certificate(name), ...more });
const request = { headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode('{"type":"ingestion.completed"}') };
const chunk = Buffer.alloc(64 * 1024, 'x');
const mebibyte = 1024 * 1024;

const receivers = new Receivers();
let client: CallbackClient;
let trusted: string[];

beforeAll(() => {
  trusted = getCACertificates('default');
  setDefaultCACertificates([certificate('authority')]);
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  client = createCallbackClient({ clock: systemClock, allowPrivate: true, connectTimeoutMs: 1_000, resolve });
});
afterAll(async () => {
  await client.close();
  receivers.close();
  setDefaultCACertificates(trusted);
});

const says = (text: string) => (socket: Socket) => void socket.end(text.replaceAll('\n', '\r\n'));
const answers = (status: string, headers = '') => says(`HTTP/1.1 ${status}\n${headers}content-length: 2\n\nok`);
const post = (port: number, scheme = 'http', timeoutMs = 5_000): Promise<CallbackResponse> => client.post(`${scheme}://receiver.test:${port}/hook`, { ...request, timeoutMs });

type Expected = readonly [verdict: Verdict, response: object];

describe('a receiver', () => {
  test.each<[string, (socket: Socket) => void, Expected]>([
    ['that takes it', answers('200 OK'), ['delivered', { status: 200 }]],
    ['that has nothing to say', says('HTTP/1.1 204 No Content\n\n'), ['delivered', { status: 204 }]],
    ['that fails', answers('500 Oops'), ['failed', { status: 500, answer: 'ok' }]],
    ['that sends it to the inside', answers('301 Moved', 'location: http://127.0.0.1:1/internal\n'), ['failed', { status: 301 }]],
    ['that sends it elsewhere', answers('307 Moved', 'location: https://example.com/\n'), ['failed', { status: 307 }]],
    ['that is gone', answers('410 Gone'), ['gone', { status: 410 }]],
    ['that has enough for 30 s', answers('429 Slow', 'retry-after: 30\n'), ['throttled', { status: 429, retryAfterMs: 30_000 }]],
    ['that has enough until a date past', answers('429 Slow', 'retry-after: Thu, 01 Jan 2026 00:00:00 GMT\n'), ['throttled', { status: 429, retryAfterMs: 0 }]],
    ['that has enough for ever', answers('503 Slow', 'retry-after: 1000000000\n'), ['throttled', { status: 503, retryAfterMs: 1e12 }]],
    ['that says nonsense about time', answers('429 Slow', 'retry-after: soon\n'), ['throttled', { status: 429 }]],
    ['that wants it in the past', answers('429 Slow', 'retry-after: -5\n'), ['throttled', { status: 429 }]],
    ['that writes numbers oddly', answers('429 Slow', 'retry-after: 1e9\n'), ['throttled', { status: 429 }]],
    ['that says two things about time', answers('429 Slow', 'retry-after: 1\nretry-after: 2\n'), ['throttled', { status: 429 }]],
    ['that hints and then takes it', says('HTTP/1.1 103 Early Hints\nlink: x\n\nHTTP/1.1 200 OK\ncontent-length: 0\n\n'), ['delivered', { status: 200 }]],
    ['that says to continue and then takes it', says('HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\ncontent-length: 0\n\n'), ['failed', { reason: 'reset' }]],
    ['that hints without end', (socket) => void pour(socket, '', { chunk: Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500)), most: 1024 * mebibyte }), ['failed', { reason: 'protocol' }]],
    ['that sends headers without end', (socket) => void pour(socket, 'HTTP/1.1 200 OK\r\n', { chunk: Buffer.from('x-a: b\r\n'.repeat(5_000)), most: 1024 * mebibyte }), ['failed', { reason: 'protocol' }]],
    ['that sends one header without end', (socket) => void pour(socket, 'HTTP/1.1 200 OK\r\nx-a: ', { chunk, most: 1024 * mebibyte }), ['failed', { reason: 'protocol' }]],
    ['of the time before headers', says('<html>ok</html>'), ['failed', { reason: 'protocol' }]],
    ['that counts its versions oddly', says('HTTP/0.9 200 OK\n\n'), ['delivered', { status: 200 }]],
    ['that hangs up', (socket) => void socket.end(), ['failed', { reason: 'reset' }]],
    ['that breaks the connection off', (socket) => void socket.resetAndDestroy(), ['failed', { reason: 'reset' }]],
    ['that says bad things about itself', says('HTTP/1.1 500 Oops\ncontent-length: 23\n\n\u001b[31mred\u0000\u202e\r\nthen more '), ['failed', { status: 500, answer: '[31mred then mor' }]],
  ])('%s', async (_, speak, [verdict, response]) => {
    const answer = await post(await receivers.listen(speak));
    expect(answer).toMatchObject(response);
    expect(classify(answer)).toBe(verdict);
  });

  test('that breaks off after the headers has taken it', async () => {
    const port = await receivers.listen((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart', () => setImmediate(() => socket.resetAndDestroy())));
    expect(classify(await post(port))).toBe('delivered');
  });

  test.each([
    ['hangs', ''],
    ['drips headers', 'HTTP/1.1 200 OK\r\nx-drip: '],
  ])('that %s runs out of time', async (_, begins) => {
    const port = await receivers.listen((socket) => void (begins && socket.write(begins)));
    const answer = await post(port, 'http', 200);
    expect(answer).toEqual({ kind: 'error', reason: 'timeout', message: `receiver.test:${port} did not answer within 0.2 s` });
    expect(classify(answer)).toBe('throttled');
  });

  test.each([
    ['takes it', 200, { status: 200 }],
    ['fails', 500, { status: 500, answer: 'drip' }],
  ])('that %s and drips the body is not waited for', async (_, status, response) => {
    const port = await receivers.listen((socket) => void socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 1000\r\n\r\ndrip`));
    expect(await post(port)).toMatchObject(response);
  });

  test.each([
    ['that takes it', 200],
    ['that fails', 500],
  ])('%s and sends 10 GB is read no further than it must', async (_, status) => {
    const closed = Promise.withResolvers<number>();
    const port = await receivers.listen((socket) => void pour(socket, `HTTP/1.1 ${status} X\r\ncontent-length: 10000000000\r\n\r\n`, { chunk, most: 1e10 }).then(closed.resolve));
    expect(await post(port)).toMatchObject({ status });
    expect(await closed.promise).toBeLessThan(16 * mebibyte); // what the buffers of two sockets hold
  });

  test('that sends a bomb of gzip has nothing unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * mebibyte));
    const speak = (status: number) => (socket: Socket) => {
      socket.write(`HTTP/1.1 ${status} X\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    };
    expect(await post(await receivers.listen(speak(200)))).toEqual({ kind: 'response', status: 200 });
    const failed = await post(await receivers.listen(speak(500)));
    expect(failed).toMatchObject({ status: 500 });
    expect(JSON.stringify(failed).length).toBeLessThan(2_000);
  });
});

describe('a receiver with TLS', () => {
  test('that is as it should be takes it', async () => {
    const port = await receivers.listen(answers('200 OK'), tlsWith('good'));
    expect(await post(port, 'https')).toEqual({ kind: 'response', status: 200 });
  });

  test.each<[string, TlsOptions, RegExp]>([
    ['whose certificate has expired', tlsWith('expired'), /the certificate of receiver\.test:\d+ has expired/],
    ['that signed its certificate itself', tlsWith('self-signed'), /is not from a known authority/],
    ['of long ago', tlsWith('good', { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }), /does not speak TLS as it should/],
    ['of some time ago', tlsWith('good', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }), /does not speak TLS as it should/],
  ])('%s gets nothing', async (_, tls, message) => {
    let spoken = false;
    const port = await receivers.listen(() => (spoken = true), tls);
    const answer = await post(port, 'https');
    expect(answer).toMatchObject({ kind: 'error', reason: 'tls', message: expect.stringMatching(message) });
    expect(classify(answer)).toBe('failed');
    expect(spoken).toBe(false);
  });

  test('whose certificate is for another name gets nothing', async () => {
    const port = await receivers.listen(answers('200 OK'), tlsWith('good'));
    expect(await client.post(`https://other.test:${port}/`, request)).toMatchObject({ reason: 'tls', message: expect.stringContaining('is for another name') });
  });

  test('that does not speak it gets nothing it understands', async () => {
    expect(await post(await receivers.listen(says('HTTP/1.1 200 OK\n\n')), 'https')).toMatchObject({ reason: 'tls' });
  });

  test('that hangs in the handshake runs out of time', async () => {
    const port = await receivers.listen(() => undefined);
    expect(await post(port, 'https')).toMatchObject({ reason: 'timeout' });
  });
});

describe('all of them together', () => {
  test('cost less than 50 MB', { timeout: 60_000 }, async () => {
    const own = createCallbackClient({ clock: systemClock, allowPrivate: true, resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    const bad = [
      (socket: Socket) => void pour(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n', { chunk, most: 1e10 }),
      (socket: Socket) => void pour(socket, 'HTTP/1.1 500 X\r\ncontent-length: 10000000000\r\n\r\n', { chunk, most: 1e10 }),
      (socket: Socket) => void pour(socket, 'HTTP/1.1 200 OK\r\nx-a: ', { chunk, most: 1e10 }),
      (socket: Socket) => void socket.resetAndDestroy(),
      () => undefined,
      answers('200 OK'),
    ];
    const ports = await Promise.all(bad.map((speak) => receivers.listen(speak)));
    const round = () => Promise.all(ports.map((port) => own.post(`http://receiver.test:${port}/`, { ...request, timeoutMs: 50 })));
    for (let warm = 0; warm < 20; warm++) await round();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 100; i++) await round();
    const grown = (process.memoryUsage.rss() - before) / 1e6;
    process.stdout.write(`memory grew by ${grown.toFixed(1)} MB in 600 callbacks to bad receivers\n`);
    expect(grown).toBeLessThan(50);
    await own.close();
  });
});
