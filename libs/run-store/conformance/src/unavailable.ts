import type { RunStore } from '@millrace/run-store';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RunStoreSetup } from './setup.js';
import { createdAt, headOf, newId } from './stage.js';

const calls: Readonly<Record<string, (store: RunStore) => Promise<unknown>>> = {
  ping: (store) => store.ping(),
  prepare: (store) => store.prepare(),
  create: (store) => store.create(headOf(newId()), createdAt),
  read: (store) => store.read(newId()),
  claim: (store) => store.claim(newId(), { step: '0', sweepAt: createdAt }),
  touch: (store) => store.touch(newId(), createdAt),
  due: (store) => store.due(createdAt, 10),
};

export function exerciseUnavailable(setup: RunStoreSetup): void {
  describe('a store that does not answer', () => {
    test.each(Object.keys(calls))('makes %s reject as unavailable', async (call) => {
      const store = setup.createUnreachable();
      onTestFinished(() => store.close());
      await expect(calls[call]!(store)).rejects.toMatchObject({ code: 'MILLRACE_RUN_STORE_UNAVAILABLE', retryable: true, cause: expect.any(Error) });
    });
  });
}
