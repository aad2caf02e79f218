/** The value at a place that is known to be there. */
export const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0;

/** The middle value, the lower of two; 0 without values. */
export function lowerMedian(values: Iterable<number>): number {
  const sorted = Float64Array.from(values).sort();
  return at(sorted, Math.floor((sorted.length - 1) / 2));
}

/** Four decimals of the probability that log-odds stand for. */
export const probability = (logOdds: number): number => rounded(1 / (1 + Math.exp(-logOdds)), 4);

export const rounded = (value: number, decimals: number): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
