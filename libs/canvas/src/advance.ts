import { callsFor, type Command, releasedBy } from './commands.js';
import { isHeld } from './latches.js';
import type { StepId } from './plan.js';
import { extend } from './replay.js';
import { isDecided, latchOf, type Run, type Settlement } from './run.js';

export type RunEvent = { readonly type: 'started' } | { readonly type: 'settled'; readonly step: StepId; readonly settlement: Settlement };

export interface Advanced {
  readonly run: Run;
  /** What the run calls for now and did not before. */
  readonly commands: readonly Command[];
}

/**
 * The whole order of a run as a pure function: no clock, no I/O, no randomness. What is heard again, or contradicts what
 * was heard first, changes nothing. Events commute: whatever their order, the end is the same.
 */
export function advance(run: Run, event: RunEvent): Advanced {
  const next = apply(run, event);
  if (next === run) return { run, commands: [] };
  const before = new Set(callsFor(run).map(nameOf));
  return { run: next, commands: callsFor(next).filter((command) => !before.has(nameOf(command))) };
}

/**
 * What `advance` gives for the settlement of a step that is ready, without looking at what the run calls for otherwise. Most
 * settlements release nothing, as others of their group are open: then the run is given as it is.
 */
export function foresee(run: Run, step: StepId, settlement: Settlement): Advanced {
  if (run.facts.has(step) || leavesOpen(run, step, settlement)) return { run, commands: [] };
  const next = apply(run, { type: 'settled', step, settlement });
  return { run: next, commands: releasedBy(next, step) };
}

/** Whether the latch that waits for a step waits for others as well, whatever they come to. */
function leavesOpen(run: Run, step: StepId, { status }: Settlement): boolean {
  if (status !== 'succeeded' && status !== 'failed') return false;
  const latch = latchOf(run, step);
  return !isHeld(latch) && latch.waits.some((other) => other !== step && !isDecided(run.steps.get(other)));
}

function apply(run: Run, event: RunEvent): Run {
  if (event.type === 'started') return run.status === 'created' ? extend(run, run.facts) : run;
  if (run.facts.has(event.step)) return run;
  const facts = new Map(run.facts).set(event.step, event.settlement);
  return run.status === 'created' ? { ...run, facts } : extend(run, facts);
}

const nameOf = (command: Command): string => (command.type === 'finish' ? command.type : `${command.type} ${command.step}`);
