import type { DocumentStore } from '@millrace/document-store';
import { type Clock, ManualClock } from '@millrace/kernel';
import { describe, expect, onTestFinished, test } from 'vitest';

const name = { collection: 'docs', key: 'a' };

const calls: Readonly<Record<string, (store: DocumentStore) => Promise<unknown>>> = {
  ping: (store) => store.ping(),
  get: (store) => store.get(name),
  put: (store) => store.put(name, '1'),
  'put if absent': (store) => store.put(name, '1', { ifVersion: 0, expiresAt: Date.UTC(2100, 0, 1) }),
  'put if of a version': (store) => store.put(name, '1', { ifVersion: 1 }),
  remove: (store) => store.remove(name),
  list: (store) => store.list('docs', { limit: 10 }),
  take: (store) => store.take('bucket', { perSecond: 1, burst: 1 }),
  'a look into a bucket': (store) => store.take('bucket', { perSecond: 1, burst: 1 }, 0),
};

export function exerciseUnavailable(createUnreachable: (clock: Clock) => DocumentStore): void {
  describe('a store that does not answer', () => {
    test.each(Object.keys(calls))('makes %s reject as unavailable', async (call) => {
      const store = createUnreachable(new ManualClock());
      onTestFinished(() => store.close());
      await expect(calls[call]!(store)).rejects.toMatchObject({ code: 'MILLRACE_DOCUMENT_STORE_UNAVAILABLE', retryable: true, cause: expect.any(Error) });
    });
  });
}
