import { simulate } from './simulate.js';
import { canvasWorkload } from './workload/calc.js';

const parts = 4;
const replay = 'vitest run tools/simulation/src/replay.spec.ts';

/**
 * What goes wrong in one part of the product's seeds, with how to see the history of it. Parts are counted from 0. There
 * are MILLRACE_SEEDS seeds in all, or as many as each commit has time for.
 */
export async function faultsOfPart(part: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (let seed = part + 1; seed <= seedsOr(2_000); seed += parts) {
    const [violation] = (await simulate({ seed })).violations;
    if (violation) found.push(`${violation.invariant} ${violation.what} (MILLRACE_SEED=${seed} ${replay})`);
  }
  return found;
}

/** The same with random canvases. */
export async function faultsOfCanvases(): Promise<readonly string[]> {
  const found: string[] = [];
  for (let seed = 1; seed <= seedsOr(800); seed++) {
    const [violation] = (await simulate({ seed, workload: canvasWorkload })).violations;
    if (violation) found.push(`${violation.invariant} ${violation.what} (MILLRACE_CANVAS=1 MILLRACE_SEED=${seed} ${replay})`);
  }
  return found;
}

const seedsOr = (usual: number): number => Number(process.env['MILLRACE_SEEDS'] ?? usual);
