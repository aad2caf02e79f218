import { expect, it } from 'vitest';
import { faultsOfCanvases } from './seeds.js';
import { simulate } from './simulate.js';
import { canvasWorkload } from './workload/calc.js';

it('comes to what every canvas says, whatever happens on the way', { timeout: 3_600_000 }, async () => {
  expect(await faultsOfCanvases()).toEqual([]);
});

it('does so, too, when nothing happens', { timeout: 60_000 }, async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const { violations } = await simulate({ seed, workload: canvasWorkload, faults: false });
    expect({ seed, violations }).toEqual({ seed, violations: [] });
  }
});
