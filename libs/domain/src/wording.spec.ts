import { describe, expect, it } from 'vitest';
import { countOf, inWords, percentOf, usability } from './wording.js';

describe('wording', () => {
  it.each([
    [countOf(1, 'order'), '1 order'],
    [countOf(1_234, 'order'), '1,234 orders'],
    [countOf(0, 'entry', 'entries'), '0 entries'],
    [inWords(190_513.474), '190,513.47'],
    [percentOf(0.666), '67%'],
  ])('%s', (said, expected) => {
    expect(said).toBe(expected);
  });

  it('tells what can be used of a dataset, the most frequent reason first', () => {
    expect(usability({ lines: 100, accepted: 90, rejected: { duplicate: 3, 'bad-date': 7 } }, 'lines')).toEqual({
      sentence: 'Of 100 lines 90 can be used; the others were left out (7 × bad-date, 3 × duplicate).',
      figures: { lines: 100, accepted: 90, leftOut: 10 },
    });
    expect(usability({ rows: 1, accepted: 1, rejected: {} }).sentence).toBe('The 1 row can be used.');
  });
});
