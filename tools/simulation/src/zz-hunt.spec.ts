import { it } from 'vitest';
import { mutations } from './mutations/mutations.js';
import { simulationWith } from './mutations/mutated.js';
it('hunts', { timeout: 1_500_000 }, async () => {
  const { edits = [], profile } = mutations.find(({ name }) => name.startsWith('a step is run whether'))!;
  const { simulate, productWorkload } = await simulationWith(edits);
  let found = 0;
  for (let seed = 1; seed <= 3000 && found < 3; seed++) {
    const [violation] = (await simulate({ seed, workload: productWorkload, ...(profile && { profile }) })).violations;
    if (violation) { found++; console.log('FOUND', seed, violation.invariant, violation.what); }
    if (seed % 200 === 0) console.log('at', seed);
  }
});
