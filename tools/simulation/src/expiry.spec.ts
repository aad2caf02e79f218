import { expect, it } from 'vitest';
import { simulate } from './simulate.js';

it('does nothing about messages and journal entries of runs whose records have expired', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const { violations, statuses } = await simulate({ seed, expires: true });
    expect({ seed, violations, statuses }).toEqual({ seed, violations: [], statuses: {} });
  }
});
