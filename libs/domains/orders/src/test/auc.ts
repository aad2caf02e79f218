/** The probability that a positive has a higher score than a negative, ties counting half; for specs. */
export function auc(scores: ArrayLike<number>, positive: readonly boolean[]): number {
  const order = positive.map((_, index) => index).toSorted((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [rankSum, from] = [0, 0];
  while (from < order.length) {
    let to = from;
    while (to < order.length && scores[order[to] ?? 0] === scores[order[from] ?? 0]) to++;
    const positives = order.slice(from, to).filter((index) => positive[index]).length;
    rankSum += positives * ((from + 1 + to) / 2);
    from = to;
  }
  const positives = positive.filter(Boolean).length;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (positive.length - positives));
}
