import { defaultSettings, finalKey, FollowUp, type Hint } from '@millrace/engine';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { replayCallback, type ReplayDeps } from './replay-callback.js';
import { answering, DispatchRig, origin } from './test/dispatch-rig.js';

let rig: DispatchRig;
let sent: Hint[];
let deps: ReplayDeps;

beforeEach(async () => {
  rig = new DispatchRig();
  vi.useFakeTimers({ toFake: ['Date'], now: rig.clock.now() });
  sent = [];
  const followUp = new FollowUp(rig.runs, { clock: rig.clock, settings: defaultSettings });
  deps = { runs: rig.runs, blobs: rig.blobs, followUp, hints: { send: (hints) => void sent.push(...hints) }, endpoints: rig.endpoints, dead: rig.dead, clock: rig.clock };
  await rig.begin();
});
afterEach(() => vi.useRealTimers());

/** So that the endpoint has not failed for too long. */
async function deliverAnother(): Promise<void> {
  rig.answer = answering(200);
  await rig.begin('ing_2');
  await rig.deliver('ing_2');
  rig.answer = answering(500);
}

const replay = (tenant = 'acme', run = 'ing_1') => replayCallback({ tenant, run }, deps);

describe('a replay', () => {
  test('of an exhausted callback sends the same bytes under the same id, with ten attempts more', async () => {
    rig.answer = answering(500);
    await rig.deliverToTheEnd();
    expect(await replay()).toMatchObject({ kind: 'replayed', run: { status: 'delivering' } });
    expect(sent).toMatchObject([{ message: { run: 'ing_1', task: 'callback.deliver' } }]);
    expect(await rig.dead.list('acme', { limit: 10 })).toEqual([]);
    await deliverAnother();
    expect(await rig.deliverToTheEnd()).toMatchObject({ status: 'exhausted', delivery: { attempts: 20, replayedAfter: 10 } });
    const posts = rig.posts.filter(({ headers }) => headers['webhook-id'] === 'msg_ing_1');
    expect(posts).toHaveLength(20);
    expect(new Set(posts.map(({ body }) => Buffer.from(body).toString())).size).toBe(1);
    expect(posts.map(({ headers }) => Number(headers['webhook-attempt']))).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(rig.events.map(({ type }) => type)).toEqual(['callback.failing', 'callback.exhausted', 'callback.failing', 'callback.exhausted']);
    expect(await rig.dead.list('acme', { limit: 10 })).toMatchObject([{ run: 'ing_1', attempts: 20 }]);
  });

  test('of a delivered one delivers it once more, at once', async () => {
    await rig.deliver();
    expect(await replay()).toMatchObject({ kind: 'replayed' });
    await rig.deliver();
    expect(rig.posts.map(({ at }) => at)).toEqual([rig.clock.now(), rig.clock.now()]);
    expect(await rig.record()).toMatchObject({ status: 'delivered', delivery: { attempts: 2 } });
  });

  test('is found by the sweeper when its hint is lost', async () => {
    await rig.deliver();
    await replay();
    expect(await rig.runs.due(rig.clock.now() + 2_000, 10)).toEqual(['ing_1']);
  });

  test('is refused while the delivery is under way', async () => {
    expect(await replay()).toEqual({ kind: 'not-over', status: 'running' });
    rig.answer = answering(500);
    await rig.deliver();
    expect(await replay()).toEqual({ kind: 'not-over', status: 'delivering' });
    expect(sent).toEqual([]);
  });

  test('is refused while the endpoint is disabled', async () => {
    rig.answer = answering(410);
    await rig.deliver();
    expect(await replay()).toEqual({ kind: 'disabled', origin });
    expect((await rig.record()).status).toBe('endpoint-disabled');
    await rig.store.enable('acme', origin);
    expect(await replay()).toMatchObject({ kind: 'replayed' });
    rig.answer = answering(200);
    expect(await rig.deliverToTheEnd()).toMatchObject({ status: 'delivered' });
  });

  test('is refused when the bytes are not there any more', async () => {
    await rig.deliver();
    await rig.blobs.remove(finalKey('ing_1'));
    expect(await replay()).toEqual({ kind: 'unknown' });
    expect((await rig.record()).status).toBe('delivered');
  });

  test('is refused of what is not the tenant’s, or has no callback', async () => {
    await rig.deliver();
    expect(await replay('other')).toEqual({ kind: 'unknown' });
    expect(await replay('acme', 'ing_9')).toEqual({ kind: 'unknown' });
    await rig.runs.create({ id: 'ing_2', tenant: 'acme', canvas: { kind: 'task', task: 'a', args: [] }, createdAt: 1, finaliseAt: 2, deadlineAt: 3 }, 5);
    expect(await replay('acme', 'ing_2')).toEqual({ kind: 'no-callback' });
  });
});
