import { simulate } from './simulate.js';

/** How many seeds a run of the suite goes through, in all its parts: MILLRACE_SEEDS, or as many as each commit has time for. */
const seeds = Number(process.env['MILLRACE_SEEDS'] ?? 2_000);
const parts = 4;

/** What goes wrong in one part of all seeds, with how to see the history of it. Parts are counted from 0. */
export async function faultsOfPart(part: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (let seed = part + 1; seed <= seeds; seed += parts) {
    const [violation] = (await simulate({ seed })).violations;
    if (violation) found.push(`${violation.invariant} ${violation.what} (MILLRACE_SEED=${seed} vitest run tools/simulation/src/replay.spec.ts)`);
  }
  return found;
}
