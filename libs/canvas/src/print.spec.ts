import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { branch, chain, chord, chunks, group, immutable, map, onError, quorum, signature, starmap, withOptions } from './builders.js';
import { printCanvas } from './print.js';
import type { Canvas } from './signature.js';
import { decoratedCanvas } from './test/decorated-canvas.js';

const a = signature('a');
const b = signature('b');

describe('printCanvas', () => {
  it.each<[string, Canvas]>([
    ['orders.dataset(1, "x")', signature('orders.dataset', 1, 'x')],
    ['a[immutable]({"n":[1]})', immutable('a', { n: [1] })],
    ['a[queue fast, priority 9]', withOptions(a, { queue: 'fast', priority: 9 })],
    ['"a b"(null)', signature('a b', null)],
    ['chain(orders.dataset(1, "x") → group[collect](a, b) → body)', chain(signature('orders.dataset', 1, 'x'), group([a, b], 'collect'), signature('body'))],
    ['chain()', chain()],
    ['group[quorum 2, 500 ms](a, b)', group([a, b], { policy: quorum(2), deadlineMs: 500 })],
    ['group[500 ms]()', group([], { deadlineMs: 500 })],
    ['chord(group(a, chain(a → b)) → b)', chord(group([a, chain(a, b)]), b)],
    ['map(a(7), 3 items)', map(signature('a', 7), [1, 2, 3])],
    ['starmap(a, 1 item)', starmap(a, [[1, 2]])],
    ['chunks[skew 20 ms, collect](a, 0 to 16383 by 1,024)', chunks(a, { from: 0, to: 16_384 }, 1_024, { policy: 'collect', skewMs: 20 })],
    ['chunks[spread](a, 2 items by 1)', chunks(a, [[1], [2]], 1, { spread: true })],
    ['branch(a, true: b, "a b": chain(a → b), otherwise: a)', branch(a, { true: b, 'a b': chain(a, b) }, a)],
    ['onError(chain(a → b), a)', onError(chain(a, b), a)],
  ])('writes %s', (text, canvas) => {
    expect(printCanvas(canvas)).toBe(text);
  });

  it('puts parts on lines of their own where one line is not enough', () => {
    const canvas = chain(signature('orders.dataset', 'x'), group([signature('orders.segments'), chain(a, b)], 'collect'), branch(a, { yes: chain(a, b) }));
    expect(printCanvas(canvas, 40)).toBe(
      [
        'chain(',
        '  orders.dataset("x")',
        '  → group[collect](',
        '    orders.segments,',
        '    chain(a → b)',
        '  )',
        '  → branch(a, yes: chain(a → b))',
        ')',
      ].join('\n'),
    );
  });

  it('shortens long arguments, many arguments and large groups', () => {
    expect(printCanvas(signature('a', 'x'.repeat(1_000)))).toBe(`a("${'x'.repeat(38)}…)`);
    expect(printCanvas(signature('a', 1, 2, 3, 4, 5, 6, 7, 8, 9))).toBe('a(1, 2, 3, 4, 5, 6, 7, 8, …)');
    expect(printCanvas(group(Array.from({ length: 10_012 }, () => a)))).toBe(`group(${'a, '.repeat(12)}… 10,000 more)`);
  });

  it('says the same on one line as on several', () => {
    fc.assert(
      fc.property(decoratedCanvas, fc.integer({ min: 20, max: 120 }), (canvas, width) => {
        const oneLine = printCanvas(canvas, Infinity);
        expect(oneLine).not.toContain('\n');
        const blanks = / /g;
        expect(printCanvas(canvas, width).replace(/\n */g, '').replace(blanks, '')).toBe(oneLine.replace(blanks, ''));
      }),
      { numRuns: 500 },
    );
  });
});
