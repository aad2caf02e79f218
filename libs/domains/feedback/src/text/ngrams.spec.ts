import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NgramCounter, type Shape, tokensOf } from './ngrams.js';

const shape: Shape = { buckets: 2 ** 20, slots: 64, pairs: true, marks: true };

function filled(of: Shape, title: string, text: string, counter = new NgramCounter(of)) {
  const row = new Float32Array(2 * of.slots);
  counter.write(row, { title, text });
  return { buckets: [...row.subarray(0, of.slots)].filter((bucket) => bucket > 0), row };
}

describe('tokensOf', () => {
  it('takes words, masks, short numbers, lengths of long ones, and marks', () => {
    expect(tokensOf("Don't call <phone> 12 1234 £5 NOW!! ok... naïve: (x)", true)).toEqual(["don't", 'call', '<phone>', '12', '0000', '£', '5', 'now', '!!', 'ok', '...', 'naïve', ':', '(', 'x', ')']);
  });

  it('leaves marks out when they do not count', () => {
    expect(tokensOf('Is it, or not?! 5% (off)', false)).toEqual(['is', 'it', 'or', 'not', '5', 'off']);
  });
});

describe('NgramCounter', () => {
  it('counts words and pairs, each once as a bucket, 1 + ln(count) as its value', () => {
    const { buckets, row } = filled(shape, '', 'soft soft soft fit');
    expect(buckets).toHaveLength(4); // soft, soft soft, fit, soft fit
    expect(new Set(buckets).size).toBe(4);
    const values = [...row.subarray(shape.slots, shape.slots + 4)];
    for (const [index, count] of [3, 2, 1, 1].entries()) expect(values[index]).toBeCloseTo(1 + Math.log(count), 6);
    expect([...row.subarray(shape.slots + 4)].every((value) => value === 0)).toBe(true);
  });

  it('counts words of a title a second time, apart', () => {
    const both = filled(shape, 'nice', 'dress').buckets;
    const text = filled(shape, '', 'nice dress').buckets;
    expect(both).toHaveLength(4);
    expect(both).toEqual(expect.arrayContaining(text));
  });

  it('counts n-grams of characters within framed words', () => {
    const characters: Shape = { ...shape, pairs: false, characters: [2, 3] };
    expect(filled(characters, '', 'ab').buckets).toHaveLength(1 + 3 + 2); // ab; ^a, ab, b$; ^ab, ab$
    expect(filled(characters, '', 'ab cd').buckets).toHaveLength(12);
  });

  it('ends a message where its slots are full', () => {
    const few: Shape = { ...shape, slots: 3, pairs: false };
    const { buckets } = filled(few, '', 'one two three four one');
    expect(buckets).toEqual(filled(few, '', 'one two three').buckets);
    expect([...filled(few, '', 'one two three four one').row.subarray(3)]).toEqual([1, 1, 1]);
  });

  it('gives a row that no message before has a part in', () => {
    const counter = new NgramCounter({ ...shape, slots: 8, characters: [2, 3] });
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, title, text) => {
        filled({ ...shape, slots: 8 }, before, before, counter);
        const used = filled({ ...shape, slots: 8 }, title, text, counter).row;
        expect(used).toEqual(filled({ ...shape, slots: 8, characters: [2, 3] }, title, text).row);
      }),
    );
  });
});
