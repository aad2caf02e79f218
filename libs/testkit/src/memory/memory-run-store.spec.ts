import { exerciseRunStore } from '@millrace/run-store-conformance';
import { expect, test } from 'vitest';
import { MemoryRunStore } from './memory-run-store.js';

const first = new MemoryRunStore();
exerciseRunStore('memory', { create: () => new MemoryRunStore(first) });

const head = { id: 'run_1', tenant: 'acme', canvas: { kind: 'task' as const, task: 'a', args: [{ deep: [1] }] }, createdAt: 1, finaliseAt: 2, deadlineAt: 3 };

test('a record is nobody’s to change, neither by what it was made of nor by what is told of it', async () => {
  const store = new MemoryRunStore();
  const args = [{ deep: [1] }];
  const { run } = await store.create({ ...head, canvas: { ...head.canvas, args } }, 5);
  args[0]?.deep.push(2);
  expect(await store.read('run_1')).toMatchObject({ canvas: { args: [{ deep: [1] }] } });
  expect(() => Object.assign(run, { rev: 9 })).toThrow(TypeError);
  expect(() => Object.assign(run.canvas, { kind: 'chain' })).toThrow(TypeError);
});

test('a store of its own knows nothing of others', async () => {
  await new MemoryRunStore().create(head, 5);
  expect(await new MemoryRunStore().read('run_1')).toBeUndefined();
});
