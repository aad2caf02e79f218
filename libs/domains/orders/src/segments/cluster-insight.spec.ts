import { describe, expect, it } from 'vitest';
import { smallExport } from '../test/small-export.js';
import { buyersOf } from './cluster-features.js';
import { clusterInsight, nearestClusters } from './cluster-insight.js';

const rows = [
  '1,A1,1,2026-03-01 09:00,8.00,old',
  '2,A1,1,2026-03-10 09:00,8.00,new',
  '3,A1,2,2026-03-05 09:00,8.00,twice',
  '4,A1,2,2026-03-10 09:00,8.00,twice',
  'C5,A1,-1,2026-03-10 10:00,8.00,gone',
];

describe('buyersOf', () => {
  it('relates recency to the days of the export and revenue to the usual revenue', () => {
    const features = Object.fromEntries(buyersOf(smallExport(...rows)).map(({ id, features: own }) => [id, own]));
    expect(Object.keys(features).toSorted()).toEqual(['new', 'old', 'twice']);
    expect(features['old']).toEqual({ recency: 3.5 * 0.9, frequency: 0, monetary: 0 });
    expect(features['twice']).toEqual({ recency: 0, frequency: 1.6, monetary: 0.75 * 2 });
  });

  it('keeps revenue within 16 times the usual, also where refunds leave none', () => {
    const export_ = smallExport(...rows, '6,A1,9000,2026-03-10 09:00,8.00,huge', 'C7,A1,-5,2026-03-10 09:30,8.00,old');
    const features = Object.fromEntries(buyersOf(export_).map(({ id, features: own }) => [id, own.monetary]));
    expect(features).toMatchObject({ huge: 0.75 * 4, old: 0.75 * -4 });
  });
});

describe('clusterInsight', () => {
  it('puts each buyer to the nearest centre, the first of equal ones', () => {
    expect(nearestClusters(Float32Array.of(5, 4, 3, 2, 1, /**/ 2, 1, 1, 9, 9))).toEqual([4, 1]);
  });

  it('sums up each cluster', () => {
    const buyers = buyersOf(smallExport(...rows));
    const nearest = (cluster: number) => Array.from({ length: 5 }, (_, centre) => Math.abs(centre - cluster));
    const insight = clusterInsight(buyers, Float32Array.from(buyers.flatMap(({ id }) => nearest(id === 'twice' ? 3 : 1))));
    expect(insight.clusters).toEqual([
      { name: 'small', customers: 0, meanRecencyDays: 0, meanOrders: 0, revenue: 0, revenueShare: 0 },
      { name: 'recent', customers: 2, meanRecencyDays: 4.5, meanOrders: 1, revenue: 16, revenueShare: 0.3333 },
      { name: 'quiet', customers: 0, meanRecencyDays: 0, meanOrders: 0, revenue: 0, revenueShare: 0 },
      { name: 'returning', customers: 1, meanRecencyDays: 0, meanOrders: 2, revenue: 32, revenueShare: 0.6667 },
      { name: 'regular', customers: 0, meanRecencyDays: 0, meanOrders: 0, revenue: 0, revenueShare: 0 },
    ]);
  });

  it('has no silhouette without buyers', () => {
    expect(clusterInsight([], new Float32Array())).toMatchObject({ silhouette: null });
  });
});
