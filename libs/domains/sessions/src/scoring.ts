import type { LoadedModel } from '@millrace/models';

/** Few enough that a batch takes some milliseconds; between batches the signal is looked at. */
const batchRows = 2_048;

/** The model's output for `rows` rows, whose features `matrix` builds from `from` to `to`, exclusively. Rejects with the signal's reason. */
export async function scoreRows(model: LoadedModel, rows: number, matrix: (from: number, to: number) => Float32Array, signal: AbortSignal): Promise<Float32Array> {
  const scores = new Float32Array(rows);
  for (let from = 0; from < rows; from += batchRows) {
    signal.throwIfAborted();
    const to = Math.min(from + batchRows, rows);
    scores.set(await model.run(matrix(from, to), to - from), from);
  }
  return scores;
}

/** Positions of the highest scores, the first of equal ones first. */
export const highest = (scores: Float32Array, count: number): number[] =>
  [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, count);
