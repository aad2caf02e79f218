import type { OrderDataset } from '../dataset/order-dataset.js';
import { lowerMedian } from '../numbers.js';
import { exportDays } from '../purchases.js';
import { type Customer, customersOf } from './customers.js';

/**
 * The columns of the clusters' input. The Python twin is tools/models/orders-segments/features.py; change both or neither.
 * Relative to the export, so that the same centres fit exports of any length and currency; each weighted to a spread of about 1.
 */
export const clusterFeatures = ['recency', 'frequency', 'monetary'] as const;

export type ClusterFeatures = Readonly<Record<(typeof clusterFeatures)[number], number>>;

export interface Buyer extends Customer {
  readonly features: ClusterFeatures;
}

const weights: ClusterFeatures = { recency: 3.5, frequency: 1.6, monetary: 0.75 };

/** Revenue counts from a sixteenth of the usual to sixteen times the usual. */
const mostTimesUsual = 16;

/** The known customers with a purchase. */
export function buyersOf(dataset: OrderDataset): Buyer[] {
  const { buyers } = customersOf(dataset);
  const { span } = exportDays(dataset);
  const usual = Math.max(lowerMedian(buyers.map(({ revenue }) => Number(revenue))), 1);
  return buyers.map((buyer) => ({ ...buyer, features: featuresOf(buyer, span, usual) }));
}

function featuresOf({ recencyDays, orders, revenue }: Customer, span: number, usual: number): ClusterFeatures {
  const timesUsual = Math.min(Math.max(Number(revenue) / usual, 1 / mostTimesUsual), mostTimesUsual);
  return {
    recency: (weights.recency * recencyDays) / span,
    frequency: weights.frequency * Math.log2(orders),
    monetary: weights.monetary * Math.log2(timesUsual),
  };
}
