import type { Socket } from 'node:net';
import type { MemberChange } from '@millrace/run-store';
import { afterAll, describe, expect, test } from 'vitest';
import { commandsOf, headOf, newPrefix, now, open, redis, timing } from './test/store.js';

afterAll(() => redis.quit());

const at = { step: '1.g0', sweepAt: now + 1_600 };
const numbers = Array.from({ length: 32 }, (_, i) => i);
const settled: ReadonlyMap<number, MemberChange> = new Map(numbers.map((i) => [i, { status: 'succeeded', result: { inline: { i } }, timing }]));

describe('what updates of members cost', () => {
  test('five commands for 32 members, and one to tell settlements that were there before', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    const claim = () => store.claimMembers(id, { ...at, members: numbers });
    const settle = () => store.changeMembers(id, at, settled);
    await store.claimMembers(id, { ...at, members: [] });
    await store.changeMembers(id, at, new Map());
    expect(await commandsOf(id, claim)).toEqual(['evalsha', 'hmget', 'hmget', 'hset', 'hset']);
    expect(await commandsOf(id, settle)).toEqual(['evalsha', 'hmget', 'hmget', 'hset', 'hset']);
    expect(await commandsOf(id, claim)).toEqual(['evalsha', 'hmget', 'hmget', 'hset', 'hmget']);
    expect(await commandsOf(id, () => store.claimMembers(id, { ...at, members: [77] }))).toEqual(['evalsha', 'hmget', 'hmget', 'hset', 'hset']);
    await store.cancel(id, { frozenAt: now });
    expect(await commandsOf(id, settle)).toEqual(['evalsha', 'hmget', 'hmget', 'hmget']);
    expect(await commandsOf(id, () => store.claimMembers(id, { ...at, members: [77] }))).toEqual(['evalsha', 'hmget', 'hmget']);
  });

  test('no more of the record than its status, whatever else is in it', async () => {
    const { store, prefix } = open();
    await store.create(headOf('run_1'), now + 1_000);
    await store.claim('run_1', { step: '0', sweepAt: now });
    const before = await redis.hgetall(`{${prefix}0}:run:run_1`);
    await store.claimMembers('run_1', { ...at, members: numbers });
    await store.changeMembers('run_1', at, settled);
    expect(await redis.hgetall(`{${prefix}0}:run:run_1`)).toEqual({ ...before, sw: String(at.sweepAt), 'm:1.g0': '1' });
  });

  test('replies do not repeat what was just settled', async () => {
    const { store } = open();
    const id = newPrefix();
    await store.create(headOf(id), now + 1_000);
    const large = new Map<number, MemberChange>(numbers.map((i) => [i, { status: 'succeeded', result: { inline: 'x'.repeat(4_000) }, timing }]));
    const received = () => (redis.stream as Socket).bytesRead;
    const before = received();
    const told = await store.changeMembers(id, at, large);
    expect(received() - before).toBeLessThan(1_000);
    expect(told?.members.get(31)).toEqual({ claims: 0, failures: 0, settlement: large.get(31) });
  });
});

describe('members of a run', () => {
  const key = (prefix: string, step: string) => `{${prefix}0}:members:run_1:${step}`;

  test('lie beside it, a hash for each shard, and expire with it', async () => {
    const { store, prefix } = open();
    await store.create({ ...headOf('run_1'), retentionMs: 60_000 }, now);
    await store.claimMembers('run_1', { ...at, members: [0, 1] });
    await store.changeMembers('run_1', { ...at, step: '1.g1' }, new Map([[5, 'failed-try']]));
    expect((await redis.keys(`{${prefix}*:members:*`)).sort()).toEqual([key(prefix, '1.g0'), key(prefix, '1.g1')]);
    expect(await redis.hgetall(key(prefix, '1.g0'))).toEqual({ 0: '1 0', 1: '1 0' });
    expect(await redis.pttl(key(prefix, '1.g0'))).toBe(-1);
    await store.settle('run_1', { step: '0', sweepAt: now }, { status: 'succeeded', result: { inline: 1 }, timing }, { finish: { frozenAt: now } });
    for (const step of ['1.g0', '1.g1']) {
      expect(await redis.pttl(key(prefix, step))).toBeGreaterThan(50_000);
      expect(await redis.pttl(key(prefix, step))).toBeLessThanOrEqual(60_000);
    }
  });

  test.each(['cancel', 'deliver'] as const)('expire also when it ends by %s', async (end) => {
    const { store, prefix } = open({ retentionMs: 3_600_000 });
    await store.create(headOf('run_1'), now);
    await store.claimMembers('run_1', { ...at, members: [0] });
    const { cancel, deliver } = {
      cancel: () => store.cancel('run_1', { frozenAt: now }),
      deliver: async () => {
        await store.freeze('run_1', { frozenAt: now }, now);
        await store.beginDelivery('run_1', { now, bodySha256: 'ab', leaseUntil: now });
        await store.endDelivery('run_1', { attempt: 1, entry: { at: now, ms: 1 }, status: 'delivered' });
      },
    };
    await (end === 'cancel' ? cancel() : deliver());
    expect(await redis.pttl(key(prefix, '1.g0'))).toBeGreaterThan(3_500_000);
    expect(await store.readMembers('run_1', at.step)).toEqual(new Map([[0, { claims: 1, failures: 0 }]]));
  });

  test('are counted by what is settled, not by how often somebody tries', async () => {
    const { store, prefix } = open();
    await store.create(headOf('run_1'), now);
    for (let round = 0; round < 3; round++) await store.changeMembers('run_1', at, settled);
    expect(await redis.hget(key(prefix, '1.g0'), 'n')).toBe('32');
    expect(await redis.hlen(key(prefix, '1.g0'))).toBe(65);
  });
});
