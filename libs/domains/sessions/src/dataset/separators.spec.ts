import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exchangeSeparators } from './separators.js';

describe('exchanging separators', () => {
  it('undoes itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(',', ';', '"', '\n', 'a', 'é', '🛒') }), (text) => {
        const exchanged = exchangeSeparators(text);
        expect(exchangeSeparators(exchanged)).toBe(text);
        expect(exchanged.split(',').length).toBe(text.split(';').length);
      }),
    );
  });
});
