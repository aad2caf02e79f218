import { expect, test } from 'vitest';
import { classify, isTrouble } from './classify.js';

test.each([
  [200, 'delivered'], [201, 'delivered'], [204, 'delivered'], [299, 'delivered'], [300, 'failed'], [301, 'failed'], [307, 'failed'], [308, 'failed'],
  [400, 'failed'], [401, 'failed'], [404, 'failed'], [409, 'failed'], [410, 'gone'], [429, 'throttled'], [500, 'failed'], [502, 'throttled'],
  [503, 'throttled'], [504, 'throttled'], [599, 'failed'],
])('%d is %s', (status, verdict) => {
  expect(classify({ kind: 'response', status })).toBe(verdict);
});

test('a fault is a failure, one of time asks for fewer', () => {
  for (const reason of ['dns', 'connect', 'tls', 'reset', 'protocol', 'refused'] as const) expect(classify({ kind: 'error', reason, message: '' })).toBe('failed');
  expect(classify({ kind: 'error', reason: 'timeout', message: '' })).toBe('throttled');
});

test('what the receiver answers on purpose is no trouble of the endpoint', () => {
  expect([200, 301, 400, 401, 404, 410, 429, 500, 503].filter((status) => isTrouble({ kind: 'response', status }))).toEqual([429, 500, 503]);
  expect(isTrouble({ kind: 'error', reason: 'connect', message: '' })).toBe(true);
  expect(isTrouble({ kind: 'error', reason: 'refused', message: '' })).toBe(false);
});
