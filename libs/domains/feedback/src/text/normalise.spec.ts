import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestText, normalise } from './normalise.js';

describe('normalise', () => {
  it.each([
    ['It’s “fine” – really…', 'It\'s "fine" - really...'],
    ['  a\t b\r\nc\u200B\u00A0d  ', 'a b c d'],
    ['fish &amp; chips &lt;3 &#39;n&#39; more&nbsp;!', "fish & chips <3 'n' more !"],
    ['it was &amp;lt; once', 'it was &lt; once'],
    ['appliquã© and itâ€™s', "appliqué and it's"],
    ['０７９４６ ٠١٢٣ ۴۵ ०१ ০১', '07946 0123 45 01 01'],
    ['ﬁt ½ ™ ｆｕｌｌ', 'fit 1⁄2 TM full'],
    ['e\u0301te\u0301', 'été'],
    ['', ''],
    [' ', ''],
    ['plain text & nothing else', 'plain text & nothing else'],
    ['`quoted`', "'quoted'"],
  ])('%j → %j', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('reads no more than the longest text, and cuts no character in half', () => {
    expect(normalise('a'.repeat(longestText + 1))).toHaveLength(longestText);
    expect(normalise(`${'a'.repeat(longestText - 1)}👍b`)).toBe(`${'a'.repeat(longestText - 1)}👍`);
    expect(normalise('a\uD800b')).toBe('a\uFFFDb');
  });

  it('leaves one line without control characters and doubled or outer spaces', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(' ', '\n', '\t', '\u2003', '&nbsp;', '\u0007', '​'));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        expect(normalise(pieces.join(''))).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u200B]|^ | $| {2}/u);
      }),
    );
  });
});
