import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.js';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

test.each([
  ['0', 0],
  ['120', 120_000],
  ['1000000000', 1_000_000_000_000],
  ['Thu, 01 Jan 2026 12:01:30 GMT', 90_000],
  ['Thursday, 01-Jan-26 12:00:10 GMT', 10_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['1e9', undefined],
  ['soon', undefined],
  ['Thu, soon', undefined],
  ['2026-01-01T12:01:30Z', undefined],
  [undefined, undefined],
  [['1', '2'], undefined],
])('%j asks for %j ms', (value, expected) => {
  expect(parseRetryAfter(value, now)).toBe(expected);
});
