import { expect, it } from 'vitest';
import { faultsOfPart } from './seeds.js';

it('keeps its invariants under faults, part 2 of all seeds', { timeout: 3_600_000 }, async () => {
  expect(await faultsOfPart(2)).toEqual([]);
});
