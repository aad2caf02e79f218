import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { payloadOf, sendFile } from './send-file.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function fileNamed(name: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-file-'));
  closers.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** An API that answers every POST like this, and keeps what it was sent. */
async function apiThatSays(status: number, answer: string) {
  const seen: Array<{ url: string | undefined; type: string | undefined; body: string }> = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url, type: request.headers['content-type'], body: Buffer.concat(chunks).toString() });
      response.writeHead(status).end(answer);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closers.push(() => server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, seen };
}

it('knows the kind of a file by its name', async () => {
  const file = await fileNamed('Orders.CSV', 'a,b\n');
  expect(await payloadOf(file)).toEqual({ file, bytes: 4, contentType: 'text/csv' });
  expect((await payloadOf(await fileNamed('x.jsonl', ''))).contentType).toBe('application/x-ndjson');
  await expect(payloadOf('/nowhere/orders.csv')).rejects.toThrow('there is no file /nowhere/orders.csv');
  await expect(payloadOf(await fileNamed('orders.xlsx', ''))).rejects.toThrow('its name has to end in one of .csv, .ndjson, .jsonl, .json');
});

it('sends the bytes as they are and returns the id', async () => {
  const api = await apiThatSays(202, '{"id":"ing_1"}');
  const payload = await payloadOf(await fileNamed('orders.csv', 'a,b\n1,2\n'));
  expect(await sendFile(api.url, payload, 'http://127.0.0.1:9/cb?x=1')).toBe('ing_1');
  expect(api.seen).toEqual([{ url: '/v1/ingestions?callback=http%3A%2F%2F127.0.0.1%3A9%2Fcb%3Fx%3D1&filename=orders.csv', type: 'text/csv', body: 'a,b\n1,2\n' }]);
});

it('tells why a file was refused', async () => {
  const payload = await payloadOf(await fileNamed('orders.csv', ''));
  const api = await apiThatSays(422, '{"title":"Unprocessable","detail":"the file is empty"}');
  await expect(sendFile(api.url, payload, 'http://127.0.0.1:9/')).rejects.toThrow(`the ingestion API refused ${payload.file}: 422 the file is empty`);
});
