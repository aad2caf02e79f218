import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { ManualClock, systemClock } from '@millrace/kernel';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Resolve } from './lookup.js';
import { type CallbackClient, type CallbackClientOptions, createCallbackClient } from './post-callback.js';

const body = new TextEncoder().encode('{"type":"ingestion.completed","ž":1}');
const ends: Array<() => Promise<void> | void> = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

function client(options: Partial<CallbackClientOptions> = {}): CallbackClient {
  const made = createCallbackClient({ clock: systemClock, allowPrivate: true, ...options });
  ends.push(() => made.close());
  return made;
}

async function listening<S extends Server>(server: S): Promise<{ server: S; port: number; url: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}/hook?a=b` };
}

async function receiver(answer: RequestListener): Promise<{ server: HttpServer; port: number; url: string }> {
  const server = createHttpServer((request, response) => void request.resume().on('end', () => answer(request, response)));
  ends.push(() => server.closeAllConnections());
  return listening(server);
}

/** Resolves when the next connection has been closed. */
function closeOf(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.once('connection', (socket) => socket.once('close', () => resolve()));
  });
}

/** A server below HTTP; `speak` gets each connection after its first bytes. */
async function speaker(speak: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  ends.push(() => sockets.forEach((socket) => socket.destroy()));
  const { url } = await listening(
    createTcpServer((socket) => {
      sockets.push(socket.on('error', () => undefined));
      socket.once('data', () => speak(socket));
    }),
  );
  return url;
}

describe('a callback', () => {
  test('arrives as it was given', async () => {
    const chunks: Buffer[] = [];
    let seen: IncomingMessage | undefined;
    const { url, port } = await listening(
      createHttpServer((request, response) => {
        seen = request;
        request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => response.writeHead(204).end());
      }),
    );
    const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_1', 'webhook-signature': 'v1,abc v1,def' };
    expect(await client().post(url, { headers, body })).toEqual({ kind: 'response', status: 204 });
    expect([seen?.method, seen?.url, seen?.httpVersion]).toEqual(['POST', '/hook?a=b', '1.1']);
    expect(seen?.headers).toMatchObject({ ...headers, host: `127.0.0.1:${port}`, 'content-length': String(body.length) });
    expect(Buffer.compare(Buffer.concat(chunks), body)).toBe(0);
  });

  test.each([200, 202, 301, 307, 308, 400, 404, 410, 500, 503])('answered with %d is not sent again or elsewhere', async (status) => {
    const seen: Array<string | undefined> = [];
    const { url } = await receiver((request, response) => {
      seen.push(request.url);
      response.writeHead(status, { location: '/elsewhere' }).end('answer');
    });
    const response = await client().post(url, { headers: {}, body });
    expect(response).toEqual({ kind: 'response', status, ...(status >= 300 && { answer: 'answer' }) });
    expect(seen).toEqual(['/hook?a=b']);
  });

  test('tells how long the receiver wants to be left alone', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    let retryAfter = '120';
    const { url } = await receiver((_, response) => void response.writeHead(429, { 'retry-after': retryAfter }).end());
    const posting = client({ clock });
    expect(await posting.post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 429, retryAfterMs: 120_000 });
    retryAfter = 'Thu, 01 Jan 2026 00:00:30 GMT';
    expect(await posting.post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 429, retryAfterMs: 30_000 });
    retryAfter = 'later';
    expect(await posting.post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 429 });
  });

  test('uses a connection again, and at most 8 at a time', async () => {
    const connections = new Set<Socket>();
    const held: Array<() => void> = [];
    const { server, url } = await receiver((_, response) => void held.push(() => response.end('answer')));
    server.on('connection', (socket) => connections.add(socket));
    const posting = client();
    const posts = Array.from({ length: 20 }, () => posting.post(url, { headers: {}, body }));
    for (let answered = 0; answered < 20; answered++) {
      await vi.waitUntil(() => held.length > 0);
      held.shift()?.();
    }
    expect(await Promise.all(posts)).toEqual(Array.from({ length: 20 }, () => ({ kind: 'response', status: 200 })));
    expect(connections.size).toBeLessThanOrEqual(8);
  });

  test('does not wait for the body of the answer, and reads no more than 64 KiB of it', async () => {
    let sent = 0;
    const { server, url } = await receiver((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) sent += 16 * 1024;
      };
      response.on('drain', more);
      more();
    });
    const closed = closeOf(server);
    expect(await client().post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 200 });
    await closed;
    expect(sent).toBeLessThan(8 * 1024 * 1024); // what the kernel's buffers hold besides
  });

  test('may be answered with a body that never ends slowly', async () => {
    const clock = new ManualClock();
    const { server, url } = await receiver((_, response) => void response.writeHead(200).write('drip'));
    const closed = closeOf(server);
    expect(await client({ clock }).post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 200 });
    await clock.advance(1_000);
    await closed;
  });

  test('closes the connections used longest ago when there would be too many', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => receiver((_, response) => void response.writeHead(204).end())));
    const opened = (server: HttpServer) => new Promise<number>((resolve, reject) => server.getConnections((err, count) => (err ? reject(err) : resolve(count))));
    const posting = client({ sockets: 3 });
    for (const { url } of all) expect(await posting.post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 204 });
    await vi.waitUntil(async () => (await Promise.all(all.map(({ server }) => opened(server)))).reduce((sum, count) => sum + count) <= 3);
    expect(await opened(all.at(-1)!.server)).toBe(1);
    expect(await posting.post(all[0]!.url, { headers: {}, body })).toEqual({ kind: 'response', status: 204 });
  });

  test('has no room while all sockets are busy', async () => {
    const held: Array<() => void> = [];
    const { url } = await receiver((_, response) => void held.push(() => response.end()));
    const posting = client({ sockets: 2 });
    const posts = [posting.post(url, { headers: {}, body }), posting.post(url, { headers: {}, body })];
    expect(posting.hasRoom).toBe(false);
    await vi.waitUntil(() => held.length === 2);
    for (const end of held) end();
    await Promise.all(posts);
    await vi.waitUntil(() => posting.hasRoom);
  });
});

describe('a callback that gets no answer', () => {
  const fault = (reason: string, message: string | RegExp) => ({
    kind: 'error',
    reason,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });

  test('because nothing listens', async () => {
    const { server, port, url } = await listening(createTcpServer());
    server.close();
    await once(server, 'close');
    expect(await client().post(url, { headers: {}, body })).toEqual(fault('connect', `connection refused by 127.0.0.1:${port}`));
  });

  test('because the name does not resolve', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' }));
    expect(await client({ resolve }).post('http://x.invalid/', { headers: {}, body })).toEqual(fault('dns', 'the host name x.invalid does not resolve'));
  });

  test('because the name servers do not answer', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('queryA ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    expect(await client({ resolve }).post('http://x.example/', { headers: {}, body })).toEqual(fault('dns', 'the name servers do not answer for x.example'));
  });

  test('because the connection does not come about in time', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    expect(await client({ resolve, connectTimeoutMs: 20 }).post('http://x.example/', { headers: {}, body })).toEqual(
      fault('timeout', 'x.example did not accept the connection in time'),
    );
  });

  test('because the receiver hangs', async () => {
    const clock = new ManualClock();
    let arrived = 0;
    const { port, url } = await receiver(() => void arrived++);
    const post = client({ clock }).post(url, { headers: {}, body });
    await vi.waitUntil(() => arrived === 1);
    await clock.advance(15_000);
    expect(await post).toEqual(fault('timeout', `127.0.0.1:${port} did not answer within 15 s`));
  });

  test('because the receiver drips headers', async () => {
    const clock = new ManualClock();
    let begun = false;
    const url = await speaker((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-drip: ');
      begun = true;
    });
    const post = client({ clock }).post(url, { headers: {}, body });
    await vi.waitUntil(() => begun);
    await clock.advance(15_000);
    expect(await post).toMatchObject({ kind: 'error', reason: 'timeout' });
  });

  test.each([
    ['hangs up', (socket: Socket) => void socket.end(), 'reset', /closed the connection before it answered$/],
    ['resets the connection', (socket: Socket) => void socket.resetAndDestroy(), 'reset', /closed the connection before it answered$/],
    ['breaks off within the headers', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nx-a'), 'reset', /closed the connection before it answered$/],
    ['does not speak HTTP', (socket: Socket) => void socket.write('220 mail.example ESMTP\r\n'), 'protocol', /is not HTTP$/],
    ['changes the protocol', (socket: Socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\nx'), 'protocol', /is not HTTP$/],
    ['sends endless headers', (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(20_000)}`), 'protocol', /is not HTTP$/],
  ])('because the receiver %s', async (_, speak, reason, message) => {
    expect(await client().post(await speaker(speak), { headers: {}, body })).toEqual(fault(reason, message));
  });

  test('because the receiver does not speak TLS', async () => {
    const { port } = await receiver((_, response) => void response.end());
    expect(await client().post(`https://127.0.0.1:${port}/`, { headers: {}, body })).toEqual(fault('tls', `127.0.0.1:${port} does not speak TLS as it should`));
  });

  test('or any answer at all is told, not thrown', async () => {
    let answer: Uint8Array = new Uint8Array();
    const url = await speaker((socket) => void socket.end(answer));
    const posting = client();
    const line = fc.constantFrom(
      'HTTP/1.1 200 OK', 'HTTP/1.1 101 Switching', 'HTTP/1.1 100', 'HTTP/0.9', 'content-length: -1', 'content-length: 5',
      'transfer-encoding: chunked', 'upgrade: x', '', 'ffffffffff', '0', 'x',
    );
    const lines = fc.array(line).map((each) => Buffer.from(each.join('\r\n')));
    const answers = fc.oneof(fc.uint8Array({ maxLength: 300 }), lines, lines.map((each) => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), each])));
    await fc.assert(
      fc.asyncProperty(answers, async (bytes) => {
        answer = bytes;
        expect(await posting.post(url, { headers: {}, body })).toMatchObject({ kind: expect.stringMatching(/^(response|error)$/) });
      }),
      { numRuns: 500 },
    );
  });

  test('leaves the next one alone', async () => {
    let answer: (socket: Socket) => void = (socket) => void socket.resetAndDestroy();
    const url = await speaker((socket) => answer(socket));
    const posting = client();
    expect(await posting.post(url, { headers: {}, body })).toMatchObject({ kind: 'error' });
    answer = (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    expect(await posting.post(url, { headers: {}, body })).toEqual({ kind: 'response', status: 200 });
  });
});

describe('the guard', () => {
  test('connects to the address that the lookup gave, under the name of the URL', async () => {
    let host: string | undefined;
    const { port } = await receiver((request, response) => {
      host = request.headers.host;
      response.end();
    });
    const resolve = vi.fn<Resolve>(() => Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
    expect(await client({ resolve }).post(`http://receiver.example:${port}/`, { headers: {}, body })).toEqual({ kind: 'response', status: 200 });
    expect(host).toBe(`receiver.example:${port}`);
    expect(resolve.mock.calls).toEqual([['receiver.example']]);
  });

  test.each([
    ['to a private address', ['10.0.0.1']],
    ['to the loopback', ['127.0.0.1']],
    ['also to a private address', ['93.184.216.34', '169.254.169.254']],
    ['to a public address and the loopback of the other family', ['93.184.216.34', '::1']],
    ['to a cover for the loopback', ['::ffff:127.0.0.1']],
  ])('refuses a name that resolves %s', async (_, addresses) => {
    const resolve = () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    expect(await client({ allowPrivate: false, resolve }).post('https://receiver.example:8443/', { headers: {}, body })).toEqual({
      kind: 'error',
      reason: 'refused',
      message: `receiver.example resolves to ${addresses.at(-1)}, and ${addresses.at(-1)} is not on the public internet`,
    });
  });

  test('refuses an address in the URL without a lookup', async () => {
    const resolve = vi.fn<Resolve>();
    const posting = client({ allowPrivate: false, resolve });
    const refused = { kind: 'error', reason: 'refused', message: '127.0.0.1 is not on the public internet' };
    expect(await posting.post('https://127.0.0.1:8443/', { headers: {}, body })).toEqual(refused);
    expect(await posting.post('http://receiver.example/', { headers: {}, body })).toMatchObject({ kind: 'error', reason: 'refused' });
    expect(resolve).not.toHaveBeenCalled();
  });

  test('asks again for every connection', async () => {
    const answers = ['10.0.0.1', '10.0.0.2'];
    const resolve = () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]);
    const posting = client({ allowPrivate: false, resolve });
    for (const address of ['10.0.0.1', '10.0.0.2']) {
      expect(await posting.post('https://receiver.example/', { headers: {}, body })).toMatchObject({ reason: 'refused', message: expect.stringContaining(address) });
    }
  });
});
