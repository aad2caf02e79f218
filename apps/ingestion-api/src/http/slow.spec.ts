import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { ManualClock } from '@millrace/kernel';
import { afterEach, expect, it } from 'vitest';
import { SlowBodies } from './slow-bodies.js';
import { limitServer, serverOptions } from './server-options.js';

const clock = new ManualClock();
const slow = new SlowBodies(clock);
const server = createServer((request) => request.resume());

afterEach(() => {
  slow.stop();
  server.closeAllConnections();
  server.close();
});

it('ends a body that comes too slowly, once it has had its grace, and no other', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  slow.start();
  const begin = async (): Promise<readonly [ReturnType<typeof connect>, IncomingMessage]> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n');
    const [request] = (await once(server, 'request')) as [IncomingMessage];
    slow.watch(request);
    return [socket, request];
  };
  const [dripping, drip] = await begin();
  const [steady, stream] = await begin();
  steady.write(Buffer.alloc(400_000));
  while (stream.socket.bytesRead < 400_000) await once(stream, 'data');
  await clock.advance(30_000);
  expect(drip.destroyed).toBe(false);
  await clock.advance(2_000);
  const [answer] = (await once(dripping, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 [\s\S]*MILLRACE_REQUEST_SLOW/);
  expect(stream.destroyed).toBe(false);
  await clock.advance(20_000);
  expect(stream.destroyed).toBe(true);
});

it('has the limits that were decided upon', () => {
  limitServer(server);
  expect(server).toMatchObject({ maxHeadersCount: 65, maxConnections: 10_000 });
  expect(serverOptions).toMatchObject({ http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 }, keepAliveTimeout: 65_000, maxRequestsPerSocket: 1_000 });
});
