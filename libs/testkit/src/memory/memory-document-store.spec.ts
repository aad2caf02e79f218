import { exerciseDocumentStore } from '@millrace/document-store-conformance';
import { ManualClock } from '@millrace/kernel';
import { expect, test } from 'vitest';
import { MemoryDocumentStore } from './memory-document-store.js';

const first = new MemoryDocumentStore();
exerciseDocumentStore('memory', { create: (clock) => new MemoryDocumentStore(clock, first) });

test('a store of its own knows nothing of others', async () => {
  const clock = new ManualClock();
  const name = { collection: 'a', key: 'b' };
  await new MemoryDocumentStore(clock).put(name, '1');
  expect(await new MemoryDocumentStore(clock).get(name)).toBeUndefined();
});
