import type { LoadedModel } from '@millrace/models';

/** Few enough that a batch takes some tens of milliseconds; between batches the signal is looked at. */
const batchRows = 2_048;

/** What a model is run on: `matrix` gives the rows from `from` to `to`, exclusively, row by row. */
export interface Rows {
  readonly count: number;
  matrix(from: number, to: number): Float32Array;
}

/** The model's output for each row, row by row. Rejects with the signal's reason once it is aborted. */
export async function scoreRows(model: LoadedModel, rows: Rows, signal: AbortSignal): Promise<Float32Array> {
  const batches: Float32Array[] = [];
  for (let from = 0; from < rows.count; from += batchRows) {
    signal.throwIfAborted();
    const to = Math.min(from + batchRows, rows.count);
    batches.push(await model.run(rows.matrix(from, to), to - from));
  }
  return joined(batches);
}

function joined(batches: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(batches.reduce((length, batch) => length + batch.length, 0));
  let start = 0;
  for (const batch of batches) {
    all.set(batch, start);
    start += batch.length;
  }
  return all;
}

/** Named features as rows, the columns in the order of `names`. */
export function namedRows<Name extends string>(names: readonly Name[], features: ReadonlyArray<Readonly<Record<Name, number>>>): Rows {
  return {
    count: features.length,
    matrix: (from, to) => Float32Array.from(features.slice(from, to).flatMap((row) => names.map((name) => row[name]))),
  };
}
