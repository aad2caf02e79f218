/**
 * The share of pairs of a positive and a negative in which the positive has the higher score; equal scores count half.
 * Null without positives or without negatives.
 */
export function rocAuc(scores: ArrayLike<number>, positive: readonly boolean[]): number | null {
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  if (positives === 0 || negatives === 0) return null;
  const order = [...positive.keys()].sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let won = 0;
  let below = 0;
  for (let start = 0; start < order.length; ) {
    const group = equalScores(order, scores, start);
    const winners = group.filter((row) => positive[row]).length;
    const losers = group.length - winners;
    won += winners * (below + losers / 2);
    below += losers;
    start += group.length;
  }
  return won / (positives * negatives);
}

/** The rows from `start` on that have the same score. */
function equalScores(order: readonly number[], scores: ArrayLike<number>, start: number): readonly number[] {
  let end = start + 1;
  while (end < order.length && scores[order[end] ?? 0] === scores[order[start] ?? 0]) end += 1;
  return order.slice(start, end);
}
