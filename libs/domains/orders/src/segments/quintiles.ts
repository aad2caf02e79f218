/**
 * Scores 1 (worst) to 5 (best) by rank: 1 + ⌊5 × the share of values that are strictly lower⌋. Equal values always get the
 * same score, so a fifth may be larger or smaller than a fifth, and which of them comes first in the data does not matter.
 */
export function quintiles(values: readonly number[]): number[] {
  const lower = new Map<number, number>();
  const sorted = Float64Array.from(values).sort();
  for (const [index, value] of sorted.entries()) if (!lower.has(value)) lower.set(value, index);
  return values.map((value) => 1 + Math.floor((5 * (lower.get(value) ?? 0)) / values.length));
}
