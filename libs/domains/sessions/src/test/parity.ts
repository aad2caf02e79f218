import type { LoadedModel } from '@millrace/models';

/** The largest absolute difference between two lists of the same length; Infinity for others and for NaN; for specs. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  const differences = Array.from(actual, (value, place) => Math.abs(value - (expected[place] ?? NaN)));
  return differences.reduce((largest, difference) => (difference <= largest ? largest : Number.isNaN(difference) ? Infinity : difference), 0);
}

/** How far features and scores of rows are from what Python gives, whose rows end with the score; for specs. */
export async function parityOf(model: LoadedModel, matrix: Float32Array, expected: ReadonlyArray<readonly number[]>) {
  return {
    features: largestDifference(matrix, expected.flatMap((row) => row.slice(0, -1))),
    scores: largestDifference(await model.run(matrix, expected.length), expected.map((row) => row.at(-1) ?? NaN)),
  };
}
