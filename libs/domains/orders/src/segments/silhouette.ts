import { at } from '../numbers.js';

/** Of more points about this many are looked at, always the same: the work grows with the square. */
const mostPoints = 2_000;
/** 2³² divided by the golden ratio: its multiples lie evenly in 32 bits, whatever pattern the points have. */
const evenStep = 0x9e37_79b1;

/**
 * How well clusters are apart: the mean over points of (b − a) / max(a, b), where a is the mean distance to the others of its cluster
 * and b that to the nearest other cluster; 0 for a point alone in its cluster. From −1 to 1; undefined with fewer than two clusters.
 */
export function silhouette(points: ReadonlyArray<readonly number[]>, clusters: readonly number[]): number | undefined {
  const share = mostPoints / points.length;
  const kept = [...points.keys()].filter((index) => (Math.imul(index, evenStep) >>> 0) / 2 ** 32 < share);
  const sizes = new Map<number, number>();
  for (const index of kept) sizes.set(at(clusters, index), (sizes.get(at(clusters, index)) ?? 0) + 1);
  if (sizes.size < 2) return undefined;
  const widths = kept.map((index) => width(at(clusters, index), distances(index, kept, points, clusters), sizes));
  return widths.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** The sum of the distances from one point to those of each cluster. */
function distances(from: number, kept: readonly number[], points: ReadonlyArray<readonly number[]>, clusters: readonly number[]): Map<number, number> {
  const sums = new Map<number, number>();
  const origin = points[from] ?? [];
  for (const index of kept) {
    const cluster = at(clusters, index);
    sums.set(cluster, (sums.get(cluster) ?? 0) + distance(origin, points[index] ?? []));
  }
  return sums;
}

function distance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (at(a, i) - at(b, i)) ** 2;
  return Math.sqrt(sum);
}

function width(own: number, sums: ReadonlyMap<number, number>, sizes: ReadonlyMap<number, number>): number {
  const size = sizes.get(own) ?? 0;
  if (size === 1) return 0;
  const within = (sums.get(own) ?? 0) / (size - 1);
  const others = [...sums].filter(([cluster]) => cluster !== own).map(([cluster, sum]) => sum / (sizes.get(cluster) ?? 1));
  const nearest = Math.min(...others);
  return Math.max(within, nearest) === 0 ? 0 : (nearest - within) / Math.max(within, nearest);
}
