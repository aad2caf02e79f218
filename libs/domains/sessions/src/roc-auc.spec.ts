import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rocAuc } from './roc-auc.js';

const rows = fc.array(fc.record({ score: fc.integer({ min: 0, max: 12 }).map((tenth) => tenth / 10), positive: fc.boolean() }), { maxLength: 40 });

describe('rocAuc', () => {
  it('is null without positives or without negatives', () => {
    expect([rocAuc([], []), rocAuc([0.1, 0.2], [true, true]), rocAuc([0.1], [false])]).toEqual([null, null, null]);
  });

  it('is the share of pairs that are in the right order, equal ones counting half', () => {
    fc.assert(
      fc.property(rows, (given) => {
        const [positives, negatives] = [given.filter(({ positive }) => positive), given.filter(({ positive }) => !positive)];
        const points = positives.flatMap((winner) => negatives.map((loser): number => (winner.score > loser.score ? 1 : winner.score === loser.score ? 0.5 : 0)));
        fc.pre(points.length > 0);
        const auc = rocAuc(Float64Array.from(given, ({ score }) => score), given.map(({ positive }) => positive));
        expect(auc ?? NaN).toBeCloseTo(points.reduce((sum, point) => sum + point, 0) / points.length, 12);
      }),
    );
  });
});
