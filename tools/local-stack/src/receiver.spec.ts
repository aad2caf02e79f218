import { createHmac } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { CallbackReceiver } from './receiver.js';

const key = Buffer.from('a key of thirty-two random bytes');
const secret = `whsec_${key.toString('base64')}`;
const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function startReceiver(): Promise<CallbackReceiver> {
  const receiver = await CallbackReceiver.start(secret);
  closers.push(() => receiver.close());
  return receiver;
}

function post(url: string, body: string, signed = body): Promise<Response> {
  const timestamp = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', key).update(`msg_1.${timestamp}.${signed}`).digest('base64');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${mac}` };
  return fetch(url, { method: 'POST', body, headers });
}

it('keeps what came and answers 204', async () => {
  const receiver = await startReceiver();
  const response = await post(`${receiver.url}some/path?x=1`, '{"type":"ingestion.completed"}');
  expect(response.status).toBe(204);
  expect(receiver.received).toEqual([
    { path: '/some/path?x=1', headers: expect.objectContaining({ 'webhook-id': 'msg_1' }), body: Buffer.from('{"type":"ingestion.completed"}'), receivedAt: expect.any(Number) },
  ]);
});

it('says what is wrong with a signature', async () => {
  const receiver = await startReceiver();
  await post(receiver.url, 'what came', 'what was signed');
  await fetch(receiver.url, { method: 'POST', body: 'unsigned' });
  expect(receiver.received.map((each) => each.signatureProblem)).toEqual(['no-matching-signature', 'missing-header']);
});

it('answers as told', async () => {
  const receiver = await startReceiver();
  receiver.answer((callback, nth) => ({ status: nth === 1 ? 503 : 200, headers: { 'retry-after': '7', 'x-path': callback.path } }));
  const first = await post(`${receiver.url}a`, '');
  expect([first.status, first.headers.get('retry-after'), first.headers.get('x-path')]).toEqual([503, '7', '/a']);
  expect((await post(receiver.url, '')).status).toBe(200);
});

it('waits for a callback, finds a past one, and gives up in time', async () => {
  const receiver = await startReceiver();
  const future = receiver.first(({ path }) => path === '/b', 10_000);
  await post(`${receiver.url}a`, '');
  await post(`${receiver.url}b`, '');
  expect((await future)?.path).toBe('/b');
  expect((await receiver.first(({ path }) => path === '/a', 10_000))?.path).toBe('/a');
  expect(await receiver.first(({ path }) => path === '/c', 1)).toBeUndefined();
});
