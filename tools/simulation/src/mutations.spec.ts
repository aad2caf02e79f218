import { afterAll, describe, expect, it } from 'vitest';
import type { Violation } from './monitor/facts.js';
import { type Mutation, mutations } from './mutations/mutations.js';
import { simulationWith } from './mutations/mutated.js';

const mostSeeds = 2_000;
const table: string[] = [];

/** A seed at which a mutation shows, the first but for the likely one. */
async function hunt({ edits = [], wiring = {}, workload, profile, likely = 1 }: Mutation): Promise<{ readonly seed: number; readonly violation: Violation } | undefined> {
  const { simulate, canvasWorkload, productWorkload } = await simulationWith(edits);
  for (let i = 0; i <= mostSeeds; i++) {
    const seed = i === 0 ? likely : i;
    const options = { seed, wiring, workload: workload === 'canvas' ? canvasWorkload : productWorkload, ...(profile && { profile }) };
    const [violation] = (await simulate(options)).violations;
    if (violation) return { seed, violation };
  }
  return undefined;
}

describe('a simulation of a product with a bug', () => {
  afterAll(() => {
    console.log(`${'mutation'.padEnd(46)} seed  invariant\n${table.join('\n')}`);
  });

  it.each(mutations)('finds: $name', { timeout: 120_000 }, async (mutation) => {
    const found = await hunt(mutation);
    table.push(`${mutation.name.padEnd(46)} ${String(found?.seed ?? '-').padStart(4)}  ${found?.violation.invariant ?? 'not found'}: ${found?.violation.what ?? ''}`);
    expect(mutation.breaks).toContain(found?.violation.invariant);
  });

  it('refuses an edit that finds no passage, or more than one', async () => {
    const file = 'libs/webhooks/src/finaliser.ts';
    await expect(simulationWith([{ file, from: 'no such passage', to: '' }])).rejects.toThrow('finds it 0 times');
    await expect(simulationWith([{ file, from: 'finalKey', to: '' }])).rejects.toThrow(/finds it \d+ times/);
  });
});
