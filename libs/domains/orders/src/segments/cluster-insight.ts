import { amountOf, type Money } from '../money.js';
import { rounded } from '../numbers.js';
import { type Buyer, clusterFeatures } from './cluster-features.js';
import { clusterNames } from './cluster-model.js';
import { silhouette } from './silhouette.js';

/** The clusters of the known customers. `distances` holds those of each buyer to the centres. */
export function clusterInsight(buyers: readonly Buyer[], distances: Float32Array) {
  const clusters = nearestClusters(distances);
  const width = silhouette(pointsOf(buyers), clusters);
  const total = sum(buyers);
  return {
    silhouette: width === undefined ? null : rounded(width, 4),
    clusters: clusterNames.map((name, cluster) => summary(name, buyers.filter((_, index) => clusters[index] === cluster), total)),
  };
}

/** The position of the nearest centre for each buyer; the first of equal ones. */
export function nearestClusters(distances: Float32Array): number[] {
  const centres = clusterNames.length;
  return Array.from({ length: distances.length / centres }, (_, buyer) => {
    const own = distances.subarray(buyer * centres, (buyer + 1) * centres);
    return own.indexOf(Math.min(...own));
  });
}

const pointsOf = (buyers: readonly Buyer[]): number[][] => buyers.map(({ features }) => clusterFeatures.map((name) => features[name]));

function summary(name: string, members: readonly Buyer[], total: Money) {
  const revenue = sum(members);
  const mean = (value: (buyer: Buyer) => number): number => rounded(members.reduce((all, member) => all + value(member), 0) / Math.max(members.length, 1), 1);
  return {
    name,
    customers: members.length,
    meanRecencyDays: mean(({ recencyDays }) => recencyDays),
    meanOrders: mean(({ orders }) => orders),
    revenue: amountOf(revenue),
    revenueShare: total > 0n ? rounded(Number(revenue) / Number(total), 4) : 0,
  };
}

const sum = (buyers: readonly Buyer[]): Money => buyers.reduce((total, { revenue }) => total + revenue, 0n);
