import { expect, it } from 'vitest';
import { faultsOfPart } from './seeds.js';

it('keeps its invariants under faults, part 0 of all seeds', { timeout: 3_600_000 }, async () => {
  expect(await faultsOfPart(0)).toEqual([]);
});
