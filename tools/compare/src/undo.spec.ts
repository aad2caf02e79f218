import { expect, it } from 'vitest';
import { Undo } from './undo.js';

function recorder() {
  const done: string[] = [];
  const step = (name: string) => async () => void done.push(name);
  return { done, step };
}

it('undoes the last first, and everything once', async () => {
  const { done, step } = recorder();
  const undo = new Undo();
  await undo.add(step('first'));
  await undo.add(step('second'));
  await undo.run();
  await undo.run();
  expect(done).toEqual(['second', 'first']);
});

it('can be used again after a run', async () => {
  const { done, step } = recorder();
  const undo = new Undo();
  await undo.run();
  await undo.add(step('later'));
  expect(done).toEqual([]);
  await undo.run();
  expect(done).toEqual(['later']);
});

it('undoes what comes after the end at once, and says so', async () => {
  const { done, step } = recorder();
  const undo = new Undo();
  await undo.add(step('before'));
  await undo.end();
  await expect(undo.add(step('too late'))).rejects.toThrow('cut short');
  expect(done).toEqual(['before', 'too late']);
});
