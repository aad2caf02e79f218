import type { RunStore } from '@millrace/run-store';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createdAt, frozen, headOf, newId, succeeded } from './stage.js';

const calls: Readonly<Record<string, (store: RunStore) => Promise<unknown>>> = {
  ping: (store) => store.ping(),
  prepare: (store) => store.prepare(),
  create: (store) => store.create(headOf(newId()), createdAt),
  read: (store) => store.read(newId()),
  claim: (store) => store.claim(newId(), { step: '0', sweepAt: createdAt }),
  claimMembers: (store) => store.claimMembers(newId(), { step: '0', members: [0, 1], sweepAt: createdAt }),
  changeMembers: (store) => store.changeMembers(newId(), { step: '0', sweepAt: createdAt }, new Map([[0, succeeded(1)]])),
  readMembers: (store) => store.readMembers(newId(), '0'),
  finish: (store) => store.finish(newId(), frozen),
  cancel: (store) => store.cancel(newId(), frozen),
  settle: (store) => store.settle(newId(), { step: '0', sweepAt: createdAt }, succeeded(1)),
  fail: (store) => store.fail(newId(), { step: '0', sweepAt: createdAt }),
  snooze: (store) => store.snooze(newId(), { step: '0', sweepAt: createdAt }),
  watch: (store) => store.watch(newId(), () => undefined),
  'watch for the end': (store) => store.watch(newId(), () => undefined, 'end'),
  touch: (store) => store.touch(newId(), createdAt),
  due: (store) => store.due(createdAt, 10),
  list: (store) => store.list('acme', { limit: 10 }),
};

export function exerciseUnavailable(createUnreachable: () => RunStore): void {
  describe('a store that does not answer', () => {
    test.each(Object.keys(calls))('makes %s reject as unavailable', async (call) => {
      const store = createUnreachable();
      onTestFinished(() => store.close());
      await expect(calls[call]!(store)).rejects.toMatchObject({ code: 'MILLRACE_RUN_STORE_UNAVAILABLE', retryable: true, cause: expect.any(Error) });
    });
  });
}
