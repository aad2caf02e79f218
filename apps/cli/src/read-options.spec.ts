import { describe, expect, it } from 'vitest';
import { jsonArray, milliseconds, positive, whole } from './read-options.js';

describe('values of options', () => {
  it.each([['500ms', 500], ['10s', 10_000], ['5m', 300_000], ['2h', 7_200_000], ['1d', 86_400_000]])('%s is %d ms', (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });

  it.each([
    ['a duration without a unit', () => milliseconds('10'), /"10" is not a duration such as/],
    ['a number that is too large', () => whole(1, 100)('101'), /from 1 to 100/],
    ['half a slot', () => whole(1, 100)('1.5'), /"1.5" is not a whole number/],
    ['a rate of nothing', () => positive('0'), /above 0/],
    ['arguments that are no list', () => jsonArray('{"a":1}'), /not a JSON array/],
    ['arguments that are no JSON', () => jsonArray('[a]'), /is not JSON/],
  ])('refuses %s', (_, read, message) => {
    expect(read).toThrow(expect.objectContaining({ code: 'MILLRACE_CLI_ARGUMENT', message: expect.stringMatching(message) }));
  });
});
