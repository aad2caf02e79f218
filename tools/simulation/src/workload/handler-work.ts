import { defineErrors, sleep } from '@millrace/kernel';
import type { Made } from './workload.js';

export const simulationErrors = defineErrors({
  SIMULATED_PASSING: { retryable: true, help: 'A handler failed as one does now and then.' },
  SIMULATED_LASTING: { retryable: false, help: 'A handler failed for good.' },
});

/** Takes between `least` and `most` milliseconds, now and then far longer. */
export async function takeTime({ world, life, trouble }: Made, least: number, most: number): Promise<void> {
  await sleep(life.clock, world.chance(trouble() / 2) ? world.between(2_000, 12_000) : world.between(least, most));
}

/** Fails now and then, in a way that may pass. */
export function failPassing({ world, trouble }: Made): void {
  if (world.chance(trouble())) throw simulationErrors.error('SIMULATED_PASSING', 'a passing fault');
}

/** Fails now and then, mostly in a way that may pass. */
export function fail(made: Made): void {
  failPassing(made);
  if (made.world.chance(made.trouble() / 8)) throw simulationErrors.error('SIMULATED_LASTING', 'a lasting fault');
}
