import { expect, test } from 'vitest';
import { classify } from './classify.js';

test.each([
  [200, 'delivered'], [201, 'delivered'], [204, 'delivered'], [299, 'delivered'],
  [300, 'retry'], [301, 'retry'], [307, 'retry'], [308, 'retry'],
  [400, 'retry'], [401, 'retry'], [404, 'retry'], [409, 'retry'], [410, 'gone'], [429, 'retry'],
  [500, 'retry'], [502, 'retry'], [503, 'retry'], [504, 'retry'], [599, 'retry'],
])('%d is %s', (status, verdict) => {
  expect(classify({ kind: 'response', status })).toBe(verdict);
});

test('a fault is tried again', () => {
  expect(classify({ kind: 'error', reason: 'dns', message: 'the host name h does not resolve' })).toBe('retry');
});
