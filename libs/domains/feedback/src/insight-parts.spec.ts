import { describe, expect, it } from 'vitest';
import { readFeedback } from './test/read-feedback.js';
import { agreement, countsOf, shareOf, surest } from './insight-parts.js';

const { dataset } = readFeedback(Buffer.from(['Title,Review Text', ',one', 'Two,two', ',three', ',four', `,${'word '.repeat(40)}`].join('\n')), 'csv', 'reviews');
/** All but the first message. */
const chosen = { dataset, places: [1, 2, 3, 4], messages: [] };
const predictions = { label: Uint16Array.from([1, 0, 1, 1]), margin: Float32Array.from([0.5, 9, 2.129, 0.5]) };

describe('surest', () => {
  it('lists messages of the label by margin, equal ones in the order of the file', () => {
    expect(surest(chosen, predictions, 1, 2)).toEqual([
      { row: 4, text: 'four', margin: 2.13 },
      { row: 2, text: 'Two: two', margin: 0.5 },
    ]);
  });

  it('quotes at most 100 characters', () => {
    const last = surest(chosen, predictions, 1, 3)[2];
    expect(last).toMatchObject({ row: 5, text: expect.stringMatching(/^(?:word )+.*…$/) });
    expect(last?.text).toHaveLength(100);
  });
});

describe('countsOf', () => {
  it('counts every label, also those that nobody has', () => {
    expect(countsOf(['a', 'b', 'c'], predictions)).toEqual([
      { name: 'a', messages: 1, share: 0.25 },
      { name: 'b', messages: 3, share: 0.75 },
      { name: 'c', messages: 0, share: 0 },
    ]);
  });
});

describe('agreement', () => {
  it('compares where something is stated', () => {
    const stated = [-1, 1, 1, -1, 1];
    expect(agreement(chosen, predictions, (place) => stated[place] ?? -1)).toEqual({ stated: 3, agreed: 2, share: 0.6667 });
  });
});

describe('shareOf', () => {
  it('is 0 of nothing', () => {
    expect(shareOf(0, 0)).toBe(0);
    expect(shareOf(1, 3)).toBe(0.3333);
  });
});
