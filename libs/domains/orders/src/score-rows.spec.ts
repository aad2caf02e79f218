import type { LoadedModel } from '@millrace/models';
import { describe, expect, it } from 'vitest';
import { anomalyModel } from './anomalies/model.js';
import { namedRows, scoreRows } from './score-rows.js';

/** Doubles each value; notes the sizes of its batches. */
function doubling(batches: number[], after: () => void = () => {}): LoadedModel {
  const run = async (matrix: Float32Array, rows: number) => {
    batches.push(rows);
    after();
    return matrix.map((value) => value * 2);
  };
  return { definition: anomalyModel, run };
}

const rows = namedRows(['a', 'b'], Array.from({ length: 5_000 }, (_, index) => ({ b: -index, a: index })));

describe('scoreRows', () => {
  it('runs batches of at most 2,048 rows and puts their outputs together', async () => {
    const batches: number[] = [];
    const scores = await scoreRows(doubling(batches), rows, new AbortController().signal);
    expect(batches).toEqual([2_048, 2_048, 904]);
    expect(scores).toHaveLength(10_000);
    expect([...scores.slice(0, 4), ...scores.slice(-2)]).toEqual([0, -0, 2, -2, 9_998, -9_998]);
  });

  it('looks at the signal between batches', async () => {
    const [batches, abort, reason] = [[] as number[], new AbortController(), new Error('time is up')];
    await expect(scoreRows(doubling(batches, () => abort.abort(reason)), rows, abort.signal)).rejects.toBe(reason);
    expect(batches).toEqual([2_048]);
  });

  it('does not run the model without rows', async () => {
    const batches: number[] = [];
    expect(await scoreRows(doubling(batches), namedRows(['a'], []), new AbortController().signal)).toHaveLength(0);
    expect(batches).toEqual([]);
  });
});
