import type { LoadedModel } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { predictionsOf, scoreMessages, textModel } from './text-model.js';

const shape = { buckets: 2 ** 10, slots: 8, pairs: false, marks: false };
const three = textModel('three', '', shape, ['a', 'b', 'c']);
const two = textModel('two', '', shape, ['no', 'yes']);
const signal = new AbortController().signal;

/** Scores a message by how many slots it fills, 0 and −1; keeps the sizes of the batches. */
function counting(batches: number[]): LoadedModel {
  const run = async (matrix: Float32Array, rows: number): Promise<Float32Array> => {
    batches.push(rows);
    const filled = Array.from({ length: rows }, (_, row) => matrix.subarray(row * 16, row * 16 + 8).filter((bucket) => bucket > 0).length);
    return Float32Array.from(filled.flatMap((count) => [count, 0, -1]));
  };
  return { definition: three.definition, run };
}

describe('scoreMessages', () => {
  it('scores batch by batch, and no message sees the one before', async () => {
    const batches: number[] = [];
    const messages = Array.from({ length: 600 }, (_, index) => ({ title: '', text: 'one two three four'.split(' ').slice(0, index % 5).join(' ') }));
    const scores = await scoreMessages(three, counting(batches), messages, signal);
    expect(batches).toEqual([256, 256, 88]);
    expect([...scores]).toEqual(messages.flatMap((_, index) => [index % 5, 0, -1]));
  });

  it('scores no message without running', async () => {
    const batches: number[] = [];
    expect(await scoreMessages(three, counting(batches), [], signal)).toHaveLength(0);
    expect(batches).toEqual([]);
  });

  it('stops between batches with the signal’s reason', async () => {
    const stop = new AbortController();
    const reason = new Error('time is up');
    const batches: number[] = [];
    const model = counting(batches);
    const stopping: LoadedModel = { ...model, run: (matrix, rows) => (stop.abort(reason), model.run(matrix, rows)) };
    const messages = Array.from({ length: 600 }, () => ({ title: '', text: 'one' }));
    await expect(scoreMessages(three, stopping, messages, stop.signal)).rejects.toBe(reason);
    expect(batches).toEqual([256]);
  });
});

describe('predictionsOf', () => {
  it('takes the highest score, the first of equal ones, and its lead', () => {
    const { label, margin } = predictionsOf(three, Float32Array.from([1, 3, 2, -1, -2, -0.5, 4, 4, 0]));
    expect([...label]).toEqual([1, 2, 0]);
    expect([...margin]).toEqual([1, 0.5, 0]);
  });

  it('takes the sign of an only score', () => {
    const { label, margin } = predictionsOf(two, Float32Array.from([2, -0.5, 0]));
    expect([...label]).toEqual([1, 0, 0]);
    expect([...margin]).toEqual([2, 0.5, 0]);
  });
});
