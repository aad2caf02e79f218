import { BatchingRedis } from '@millrace/redis';
import type { StepSettlement, Transition } from '@millrace/run-store';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { RedisRunStore } from './redis-run-store.js';
import { commandsOf, headOf, newPrefix, now, open, redis, timing, url } from './test/store.js';

afterAll(() => redis.quit());

const steps = Array.from({ length: 10 }, (_, i) => `${i}`);
const at = (step: string, sweepAt = now + 1_600) => ({ step, sweepAt });
const settlement: StepSettlement = { status: 'succeeded', result: { inline: 1 }, timing };

/** A store and a run in it of which a step was claimed; Redis knows the script. */
async function running(): Promise<{ store: RedisRunStore; id: string }> {
  const { store } = open();
  const id = newPrefix();
  await store.create(headOf(id), now + 1_000);
  await store.claim(id, at('first', now + 1_500));
  return { store, id };
}

/** The record that all are given. */
function shared(transitions: ReadonlyArray<Transition | undefined>): Transition['run'] | undefined {
  expect(new Set(transitions.map((transition) => transition?.run)).size).toBe(1);
  return transitions[0]?.run;
}

describe('what calls for one run in one turn cost', () => {
  test('ten claims three commands, and one record that all are given', async () => {
    const { store, id } = await running();
    const claims: Array<Transition | undefined> = [];
    const claimAll = async () => void claims.push(...(await Promise.all(steps.map((step) => store.claim(id, at(step))))));
    expect(await commandsOf(id, claimAll)).toEqual(['evalsha', 'hgetall', 'hset']);
    expect(claims.map((claim) => claim?.applied)).toEqual(steps.map(() => true));
    expect(shared(claims)).toMatchObject({ rev: 12 });
  });

  test('ten settlements and claims of what follows three commands, also with failed tries and claims among them', async () => {
    const { store, id } = await running();
    const all = () =>
      Promise.all([
        ...steps.map((step) => store.settle(id, at(step), settlement, { claim: `${step}.0` })),
        store.fail(id, at('11')),
        store.claim(id, at('12')),
        store.settle(id, at('13'), settlement),
      ]);
    expect(await commandsOf(id, all)).toEqual(['evalsha', 'hgetall', 'hset']);
    expect(await commandsOf(id, all)).toEqual(['evalsha', 'hgetall', 'hset']);
    expect(await store.read(id)).toMatchObject({ rev: 17, steps: { '11': { failures: 2 }, '12': { claims: 2 }, '9.0': { claims: 1 } } });
  });

  test('no write when all are refused', async () => {
    const { store, id } = await running();
    const settle = () => Promise.all(steps.map((step) => store.settle(id, at(step), settlement)));
    await settle();
    expect(await commandsOf(id, settle)).toEqual(['evalsha', 'hgetall']);
  });

  test('one more to bring the next sweep nearer, some more to end the run', async () => {
    const { store, id } = await running();
    const claims = () => Promise.all(steps.map((step, i) => store.claim(id, at(step, now + 900 - i))));
    expect(await commandsOf(id, claims).then((names) => names.filter((name) => name !== 'zadd'))).toEqual(['evalsha', 'hgetall', 'hset']);
    const end = () => Promise.all(steps.map((step) => store.settle(id, at(step), settlement, step === '9' ? { finish: { frozenAt: now } } : {})));
    expect(await commandsOf(id, end)).toEqual(['evalsha', 'hgetall', 'hset', 'hdel', 'zrem', 'pexpire']);
  });

  test('as much when they are made by microtasks of that turn', async () => {
    const { store, id } = await running();
    const claimAfter = async (turns: number) => {
      for (let i = 0; i < turns; i++) await undefined;
      return store.claim(id, at(`${turns}`));
    };
    const claims = () => Promise.all(steps.map((_, i) => claimAfter(3 * i)));
    expect(await commandsOf(id, claims)).toEqual(['evalsha', 'hgetall', 'hset']);
    expect((await store.read(id))?.rev).toBe(12);
  });

  test('a script for each 64 of them', async () => {
    const { store, id } = await running();
    const claims = () => Promise.all(Array.from({ length: 150 }, (_, i) => store.claim(id, at(`${i}`))));
    expect(await commandsOf(id, claims)).toEqual(Array.from({ length: 3 }, () => ['evalsha', 'hgetall', 'hset']).flat());
    expect((await store.read(id))?.rev).toBe(152);
  });

  test('a script for each run, all in one write', async () => {
    const connection = new BatchingRedis(url);
    const store = new RedisRunStore({ redis: connection, prefix: newPrefix() });
    onTestFinished(() => connection.disconnect());
    const group = newPrefix();
    const ids = ['a', 'b', 'c'].map((name) => group + name);
    for (const id of ids) await store.create(headOf(id), now + 1_000);
    await store.claim(ids[0] ?? '', at('first'));
    let writes = 0;
    const socket = connection.stream as unknown as Record<string, (...args: unknown[]) => unknown>;
    for (const name of ['_write', '_writev']) {
      const original = socket[name]!;
      socket[name] = (...args) => (writes++, original.apply(socket, args));
    }
    const claims = () => Promise.all(ids.flatMap((id) => steps.map((step) => store.claim(id, at(step)))));
    expect(await commandsOf(group, claims)).toEqual(ids.flatMap(() => ['evalsha', 'hgetall', 'hset']));
    expect(writes).toBe(1);
  });
});

describe('calls for one run in one turn', () => {
  test('that bring the next sweep nearer leave the nearest in the index', async () => {
    const { store, prefix } = open();
    await store.create(headOf('run_1'), now + 1_000);
    await Promise.all([700, 300, 600].map((offset, i) => store.claim('run_1', at(`${i}`, now + offset))));
    expect(await redis.hmget(`{${prefix}0}:run:run_1`, 'sw', 'ix')).toEqual([String(now + 600), String(now + 300)]);
    expect(await redis.zscore(`{${prefix}0}:due`, 'run_1')).toBe(String(now + 300));
    expect(await store.due(now + 599, 10)).toEqual([]);
    expect(await store.due(now + 600, 10)).toEqual(['run_1']);
  });

  test('are made in the order of the calls', async () => {
    const { store } = open();
    await store.create(headOf('run_1'), now + 1_000);
    const calls = [store.settle('run_1', at('0'), settlement), store.claim('run_1', at('0')), store.fail('run_1', at('0')), store.settle('run_1', at('0'), settlement), store.claim('run_1', at('0'))];
    const transitions = await Promise.all(calls);
    expect(transitions.map((transition) => transition?.applied)).toEqual([false, true, true, true, false]);
    expect(shared(transitions)).toMatchObject({ status: 'running', rev: 4, steps: { '0': { claims: 1, failures: 1, settlement } } });
  });

  test('have the record that Redis has', async () => {
    const { store, id } = await running();
    const settled = await Promise.all(steps.map((step) => store.settle(id, at(step), settlement, step === '5' ? { finish: { frozenAt: now } } : { claim: 'next' })));
    expect(settled.map((transition) => transition?.applied)).toEqual(steps.map((step) => Number(step) <= 5));
    expect(shared(settled)).toStrictEqual(await store.read(id));
  });

  test('are still made when the store is closed', async () => {
    const { store: reader, prefix } = open();
    await reader.create(headOf('run_1'), now + 1_000);
    const store = new RedisRunStore({ url, prefix });
    await store.ping();
    const claims = Promise.all(steps.map((step) => store.claim('run_1', at(step))));
    await store.close();
    expect((await claims).map((claim) => claim?.applied)).toEqual(steps.map(() => true));
    expect(await reader.read('run_1')).toMatchObject({ rev: 11 });
  });

  test('are all rejected when Redis does not answer', async () => {
    const store = new RedisRunStore({ url: 'redis://127.0.0.1:1' });
    onTestFinished(() => store.close());
    const claims = await Promise.allSettled(['run_1', 'run_1', 'run_2'].map((id) => store.claim(id, at('0'))));
    expect(claims).toMatchObject(claims.map(() => ({ status: 'rejected', reason: { code: 'MILLRACE_RUN_STORE_UNAVAILABLE' } })));
  });
});
