/** Counts by the value of one label. */
export type Counts = Readonly<Record<string, number>>;

const sample = /^(?<name>[a-zA-Z_:][\w:]*)\{(?<labels>.*)\} (?<value>\S+)/;

/** Sums the samples of metric `name` in Prometheus text by the value of `label`. */
export function countsIn(text: string, name: string, label: string): Counts {
  const counts: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const groups = sample.exec(line)?.groups;
    if (groups?.name !== name) continue;
    const key = new RegExp(`(?:^|,)${label}="((?:[^"\\\\]|\\\\.)*)"`).exec(groups.labels ?? '')?.[1];
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + Number(groups.value);
  }
  return counts;
}

/** Adds counts up, key by key. */
export function sumOf(all: readonly Counts[]): Counts {
  const sum: Record<string, number> = {};
  for (const counts of all) for (const [key, count] of Object.entries(counts)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

/** What was added from `before` to `after`, without the keys that did not change. */
export function increase(before: Counts, after: Counts): Counts {
  const entries = Object.entries(after).map(([key, count]) => [key, count - (before[key] ?? 0)] as const);
  return Object.fromEntries(entries.filter(([, count]) => count !== 0));
}
