/** Exact, by nearest rank: each figure is one of the samples. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Undefined when there are no samples. */
export function percentiles(samples: readonly number[]): Percentiles | undefined {
  const sorted = samples.toSorted((a, b) => a - b);
  const max = sorted.at(-1);
  if (max === undefined) return undefined;
  const rank = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? max;
  return { p50: rank(50), p90: rank(90), p99: rank(99), max };
}
