import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silhouette } from './silhouette.js';

describe('silhouette', () => {
  it('is the mean of (b − a) / max(a, b)', () => {
    // by hand: 0 and 1 against 10: (9.5…): point 0: a = 1, b = 10; point 1: a = 1, b = 9; point 10 is alone
    expect(silhouette([[0], [1], [10]], [0, 0, 1])).toBeCloseTo((0.9 + 8 / 9 + 0) / 3, 12);
  });

  it('compares with the nearest other cluster only', () => {
    const points = [[0, 0], [0, 1], [3, 0], [3, 1], [90, 0], [90, 1]];
    const far = Math.sqrt(10);
    expect(silhouette(points, [0, 0, 1, 1, 2, 2])).toBeCloseTo((4 * (1 - 1 / ((3 + far) / 2)) + 2 * (1 - 1 / ((87 + Math.hypot(87, 1)) / 2))) / 6, 12);
  });

  it('is undefined with fewer than two clusters, and 0 where points coincide', () => {
    expect(silhouette([], [])).toBeUndefined();
    expect(silhouette([[1], [2]], [3, 3])).toBeUndefined();
    expect(silhouette([[1], [1], [1], [1]], [0, 0, 1, 1])).toBe(0);
  });

  it('does not change when points are shifted and scaled', () => {
    const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(point, fc.nat(2)), { minLength: 2, maxLength: 25 }), fc.integer({ min: 2, max: 9 }), (drawn, scale) => {
        const clusters = drawn.map(([, cluster]) => cluster);
        const [before, after] = [silhouette(drawn.map(([at]) => at), clusters), silhouette(drawn.map(([[x, y]]) => [x * scale + 7, y * scale - 3]), clusters)];
        expect(after === undefined).toBe(before === undefined);
        expect(Math.abs((after ?? 0) - (before ?? 0))).toBeLessThan(1e-9);
      }),
    );
  });

  it('thins out many points without losing their shape', () => {
    const points = Array.from({ length: 6_001 }, (_, index) => [(index % 2) * 10 + ((index * 7919) % 100) / 100]);
    const clusters = points.map((_, index) => index % 2);
    expect(silhouette(points, clusters)).toBeCloseTo(silhouette(points.slice(0, 1_500), clusters.slice(0, 1_500))!, 2);
  });
});
