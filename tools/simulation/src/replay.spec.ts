import { describe, expect, it } from 'vitest';
import { mutations } from './mutations/mutations.js';
import { simulationWith } from './mutations/mutated.js';
import { simulate } from './simulate.js';

/** The seed whose history is to be printed. */
const asked = process.env['MILLRACE_SEED'];
/** The name of the mutation under which it is. */
const mutation = mutations.find(({ name }) => name === process.env['MILLRACE_MUTATION']);
/** Whether it is one of random canvases. */
const isCanvas = process.env['MILLRACE_CANVAS'] !== undefined || mutation?.workload === 'canvas';

describe('a simulation', () => {
  it('has the same history for the same seed, and another for another', async () => {
    for (const seed of [1, 2]) {
      const [first, second, other] = [await simulate({ seed }), await simulate({ seed, keepTrace: true }), await simulate({ seed: seed + 2 })];
      expect(second.hash).toBe(first.hash);
      expect(other.hash).not.toBe(first.hash);
      expect(second.lines.length).toBeGreaterThan(100);
    }
  });

  it.runIf(asked !== undefined)('tells the history of the seed that was asked for', async () => {
    const { simulate: simulateMutated, canvasWorkload, productWorkload } = await simulationWith(mutation?.edits ?? []);
    const workload = isCanvas ? canvasWorkload : productWorkload;
    const { lines, violations, hash } = await simulateMutated({ seed: Number(asked), workload, keepTrace: true, ...(mutation?.wiring && { wiring: mutation.wiring }), ...(mutation?.profile && { profile: mutation.profile }) });
    process.stdout.write(`${lines.join('\n')}\nhash ${hash}\n${violations.map(({ invariant, what }) => `${invariant}: ${what}\n`).join('')}`);
    expect(lines.length).toBeGreaterThan(0);
  });
});
