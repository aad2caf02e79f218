import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '@millrace/kernel';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CallbackReceiver } from './receiver.js';
import { RecentIds } from './seen-ids.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = JSON.stringify({ type: 'ingestion.completed', data: { ingestionId: 'ing_1' } });
let clock: ManualClock;
let events: string[];
let onEvent: (event: { type: string }, about: { id: string }) => Promise<void>;
let receiver: CallbackReceiver;

beforeEach(() => {
  clock = new ManualClock();
  events = [];
  onEvent = async ({ type }, { id }) => void events.push(`${id} ${type}`);
  receiver = new CallbackReceiver({ secrets: secret, onEvent: (event, about) => onEvent(event, about), clock });
});

function signed(id: string, text = body): Record<string, string> {
  const seconds = Math.floor(clock.now() / 1000);
  return { 'webhook-id': id, 'webhook-timestamp': `${seconds}`, 'webhook-signature': new Webhook(secret).sign(id, new Date(seconds * 1000), text) };
}
const handle = (id: string) => receiver.handle({ headers: signed(id), body: Buffer.from(body) });

describe('a receiver', () => {
  it('deals with each callback once, however often it comes', async () => {
    expect(await handle('msg_1')).toEqual({ status: 204, reason: '' });
    expect(await handle('msg_1')).toEqual({ status: 204, reason: '' });
    expect(await handle('msg_2')).toEqual({ status: 204, reason: '' });
    expect(events).toEqual(['msg_1 ingestion.completed', 'msg_2 ingestion.completed']);
  });

  it('has a callback come again that could not be dealt with', async () => {
    const works = onEvent;
    onEvent = () => Promise.reject(new Error('database away'));
    expect(await handle('msg_1')).toMatchObject({ status: 500 });
    onEvent = works;
    expect(await handle('msg_1')).toMatchObject({ status: 204 });
    expect(events).toHaveLength(1);
  });

  it('does not begin anew what it has in hand', async () => {
    let finish = (): void => undefined;
    onEvent = () => new Promise((resolve) => (finish = resolve));
    const first = handle('msg_1');
    expect(await handle('msg_1')).toEqual({ status: 409, reason: 'in-hand' });
    finish();
    expect(await first).toMatchObject({ status: 204 });
  });

  it.each([
    ['one that was changed', () => receiver.handle({ headers: signed('msg_1'), body: Buffer.from('{}') }), 401],
    ['one without a signature', () => receiver.handle({ headers: {}, body: Buffer.from(body) }), 400],
    ['one that is too large', () => receiver.handle({ headers: signed('msg_1'), body: Buffer.alloc(1_100_000) }), 413],
  ])('refuses %s', async (_, act, status) => {
    expect(await act()).toMatchObject({ status });
    expect(events).toEqual([]);
  });

  it('answers web-standard requests', async () => {
    const send = (headers: Record<string, string>) => receiver.fetch(new Request('https://example.com/hook', { method: 'POST', headers, body }));
    expect((await send(signed('msg_1'))).status).toBe(204);
    const refused = await send({});
    expect([refused.status, await refused.text()]).toEqual([400, 'missing-header\n']);
    expect(events).toEqual(['msg_1 ingestion.completed']);
  });

  it('forgets the oldest ids first', () => {
    const ids = new RecentIds(2);
    for (const id of ['a', 'b', 'c']) ids.add(id);
    expect(['a', 'b', 'c'].filter((id) => ids.has(id))).toEqual(['b', 'c']);
  });
});

describe('under node:http', () => {
  let server: Server;
  afterEach(() => void server.close());

  it.each([
    ['reads the body itself', undefined],
    ['takes the bytes that another has read', Buffer.from(body)],
  ])('%s', async (_, read) => {
    server = createServer((request, response) => void receiver.node(Object.assign(request, read ? { body: read } : {}), response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await fetch(url, { method: 'POST', headers: signed('msg_1'), body })).status).toBe(204);
    expect((await fetch(url, { method: 'POST', body: Buffer.alloc(3_000_000), headers: signed('msg_2') })).status).toBe(read ? 204 : 413);
    expect(events[0]).toBe('msg_1 ingestion.completed');
  });
});
