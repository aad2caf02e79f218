import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Peers } from './peers.js';
import { swaps } from './swaps.js';

const line = fc.record({ group: fc.nat(4), value: fc.integer({ min: 1, max: 40 }) });

describe('Peers', () => {
  it('agrees with looking through all other values of the group', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (lines, probe) => {
        const peers = new Peers(
          lines.map(({ group }) => group),
          Float64Array.from(lines, ({ value }) => value),
        );
        for (const [index, { group, value }] of lines.entries()) {
          const others = lines.filter((other, at) => at !== index && other.group === group).map((other) => other.value);
          const share = (wanted: (other: number) => boolean) => (others.length === 0 ? 0 : others.filter(wanted).length / others.length);
          const lowerMedian = others.toSorted((a, b) => a - b)[Math.floor((others.length - 1) / 2)];
          expect(peers.size(index)).toBe(others.length + 1);
          expect(peers.usual(index)).toBe(lowerMedian ?? value);
          expect(peers.shareSame(index)).toBe(share((other) => other === value));
          expect(peers.shareOf(index, value + probe)).toBe(share((other) => other === value + probe));
          expect(peers.nearest(index)).toBeCloseTo(others.length === 0 ? 0 : Math.min(...others.map((other) => Math.abs(Math.log2(value / other)))), 12);
        }
      }),
    );
  });

  it('counts other values with two digits swapped, in units', () => {
    const prices = new Peers([0, 0, 0, 0], Float64Array.of(1275, 1725, 1275, 2175).map((hundredths) => hundredths * 100));
    expect(prices.shareSwapped(1, 1725, 100)).toBeCloseTo(2 / 3);
  });
});

describe('swaps', () => {
  it.each([
    [7, []],
    [11, []],
    [10, []],
    [21, [12]],
    [1725, [7125, 1275, 1752]],
    [101, [110]],
  ])('%i → %j', (number, others) => {
    expect(swaps(number).toSorted()).toEqual(others.toSorted());
  });
});
