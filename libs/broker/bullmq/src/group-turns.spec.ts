import { randomUUID } from 'node:crypto';
import '@millrace/testkit';
import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connect } from '@millrace/redis';
import { withScripts } from './connection.js';

// The scripts alone, call by call.

const few = 16;
const now = 1_000_000;

let client: Redis;
beforeAll(() => {
  client = withScripts(connect(inject('redisUrl')));
});
afterAll(() => client.disconnect());

/** A queue of its own, and what is known of it from outside. */
class QueueOfGroups {
  readonly prefix = `turns-${randomUUID()}:q:`;
  #published = 0;

  /** One message of each of these groups, in one call. Resolves with their ids, which tell the group. */
  async publish(groups: readonly string[]): Promise<string[]> {
    const ids = groups.map((group) => `${group}-${(this.#published += 1)}`);
    await client.millracePublish(this.prefix, now, ...ids.flatMap((id, at) => [id, 0, 0, groups[at] ?? '', '{}']));
    return ids;
  }

  /** Takes messages and acknowledges them. */
  async take(wanted: number): Promise<string[]> {
    const [, ...fields] = await client.millraceExchange(this.prefix, now, 'token', 30_000, wanted, 0);
    const ids = fields.filter((_, at) => at % 3 === 0).map(String);
    await client.millraceExchange(this.prefix, now, 'token', 30_000, 0, 0, ...ids.flatMap((id) => [id, 1]));
    return ids;
  }

  waiting(): Promise<number> {
    return client.llen(`${this.prefix}wait`);
  }

  keys(): Promise<string[]> {
    return client.keys(`${this.prefix}*`);
  }
}

const group = fc.constantFrom('a', 'b', 'c', '');
const groups = fc.oneof(
  fc.tuple(group, fc.integer({ min: 1, max: 40 })).map(([group, count]) => Array.from({ length: count }, () => group)),
  fc.array(group, { minLength: 1, maxLength: 20 }),
);
const step = fc.oneof(
  { weight: 3, arbitrary: groups.map((groups) => ({ kind: 'publish' as const, groups })) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 30 }).map((wanted) => ({ kind: 'take' as const, wanted })) },
);

const groupOf = (id: string): string => id.slice(0, id.indexOf('-'));

describe('whatever is published and taken', () => {
  test('every message is taken once, the depth is exact, and no key stays behind', { timeout: 120_000 }, async () => {
    const holds = fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
      const queue = new QueueOfGroups();
      const left = new Set<string>();
      const take = async (wanted: number): Promise<void> => {
        const taken = await queue.take(wanted);
        expect(taken).toHaveLength(Math.min(wanted, left.size));
        for (const id of taken) expect(left.delete(id)).toBe(true);
      };
      for (const step of steps) {
        if (step.kind === 'publish') for (const id of await queue.publish(step.groups)) left.add(id);
        else await take(step.wanted);
        expect(await queue.waiting()).toBe(left.size);
      }
      while (left.size > 0) await take(30);
      const kept = new Set(['groups:pc', 'groups:sole', 'marker'].map((key) => queue.prefix + key));
      expect((await queue.keys()).filter((key) => !kept.has(key))).toEqual([]);
    });
    await expect(fc.assert(holds, { numRuns: 150 })).resolves.toBeUndefined();
  });

  test('a group that comes to a flood waits for few messages and its turn', { timeout: 120_000 }, async () => {
    const flood = fc.record({ batches: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }), wanted: fc.integer({ min: 1, max: 12 }) });
    const holds = fc.asyncProperty(flood, async ({ batches, wanted }) => {
      const queue = new QueueOfGroups();
      for (const count of batches) await queue.publish(Array.from({ length: count }, () => 'flood'));
      const [id] = await queue.publish(['small']);
      const before: string[] = [];
      while (!before.includes(id ?? '')) before.push(...(await queue.take(wanted)));
      expect(before.indexOf(id ?? '')).toBeLessThanOrEqual(few + 2 * wanted);
    });
    await expect(fc.assert(holds, { numRuns: 100 })).resolves.toBeUndefined();
  });

  test('groups that all have plenty get the same, give or take one', { timeout: 120_000 }, async () => {
    const holds = fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 5, maxLength: 20 }), async (wants) => {
      const queue = new QueueOfGroups();
      for (const name of ['a', 'b', 'c']) await queue.publish(Array.from({ length: 300 }, () => name));
      const taken = { a: 0, b: 0, c: 0 };
      for (const wanted of wants) for (const id of await queue.take(wanted)) taken[groupOf(id) as 'a'] += 1;
      const counts = Object.values(taken);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    });
    await expect(fc.assert(holds, { numRuns: 100 })).resolves.toBeUndefined();
  });
});
