import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { DeadCallbacks } from './dead-callbacks.js';

let dead: DeadCallbacks;
beforeEach(() => {
  dead = new DeadCallbacks(new MemoryDocumentStore());
});

const nth = (n: number): string => `ing_${String(n).padStart(4, '0')}`;

/** Of every tenth the endpoint was disabled; the others are exhausted. */
async function fill(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await dead.add('acme', { run: nth(n), status: n % 10 === 0 ? 'endpoint-disabled' : 'exhausted', origin: 'https://a.example', at: Date.now(), attempts: 10, reason: 'answered with 500' });
  }
}

describe('dead callbacks', () => {
  test('come in pages, the last of which has no next', async () => {
    await fill(5);
    const first = await dead.find('acme', { limit: 3 });
    expect([first.callbacks.map(({ run }) => run), first.next]).toEqual([[nth(0), nth(1), nth(2)], nth(2)]);
    const second = await dead.find('acme', { limit: 3, after: nth(2) });
    expect([second.callbacks.map(({ run }) => run), second.next]).toEqual([[nth(3), nth(4)], undefined]);
    expect(await dead.find('other', { limit: 3 })).toEqual({ callbacks: [] });
  });

  test('of one kind come whole and once, page by page', async () => {
    await fill(95);
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await dead.find('acme', { limit: 4, status: 'endpoint-disabled', ...(after !== undefined && { after }) });
      found.push(...page.callbacks.map(({ run }) => run));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map(nth));
  });

  test('of a rare kind are searched a thousand at a time', async () => {
    await fill(1_002);
    await dead.remove('acme', nth(1_000));
    for (let n = 0; n < 1_000; n += 10) await dead.remove('acme', nth(n));
    await dead.add('acme', { run: nth(9_000), status: 'endpoint-disabled', origin: 'https://a.example', at: Date.now(), attempts: 1, reason: 'answered with 410' });
    expect(await dead.find('acme', { limit: 4, status: 'endpoint-disabled' })).toMatchObject({ callbacks: [{ run: nth(9_000) }] });
    for (let n = 2_000; n < 2_200; n++) await dead.add('acme', { run: nth(n), status: 'exhausted', origin: 'https://a.example', at: Date.now(), attempts: 10, reason: 'x' });
    const page = await dead.find('acme', { limit: 4, status: 'endpoint-disabled' });
    expect([page.callbacks.length, page.next]).toEqual([0, nth(2_098)]);
  });
});
