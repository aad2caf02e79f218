import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeSeparatorBytes, exchangeSeparators } from './separators.js';

describe('exchanging separators', () => {
  it('does the same to text and to its UTF-8, undoes itself, and leaves what it is given alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(',', ';', '"', '\n', 'a', 'é', '🛒') }), (text) => {
        const bytes = Buffer.from(text);
        const exchanged = Buffer.from(exchangeSeparatorBytes(bytes)).toString();
        expect(bytes.toString()).toBe(text);
        expect(exchanged).toBe(exchangeSeparators(text));
        expect(exchangeSeparators(exchanged)).toBe(text);
        expect(exchanged.split(',').length).toBe(text.split(';').length);
      }),
    );
  });
});
