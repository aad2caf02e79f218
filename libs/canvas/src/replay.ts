import { compile } from './compiler.js';
import { isOpenJoin } from './latches.js';
import type { StepId } from './plan.js';
import { type Joined, Progress } from './progress.js';
import { create, isWithin, joinsAround, type Run, type Settlement, type Settlements } from './run.js';
import type { Canvas } from './signature.js';

/** A run with every settlement worked in that counts, in whatever order that is possible. */
export const replay = (canvas: Canvas, settlements: Settlements): Run => workIn(create(compile(canvas)), settlements);

/**
 * The same as `replay` of the run's canvas; the more of the settlements the run has worked in already, the quicker.
 * `settlements` become part of the result, so they must not be changed any more.
 */
export function extend(run: Run, settlements: Settlements): Run {
  const [own] = run.plans;
  return own === undefined || isGrown(run, settlements) ? workIn(run, settlements) : workIn(create(own), settlements);
}

function workIn(run: Run, settlements: Settlements): Run {
  const progress = new Progress(run, settlements);
  const joins = new Joins(progress.run, settlements);
  const settle = (id: StepId): void => {
    const settlement = settlements.get(id);
    if (settlement && joins.count(id)) progress.settle(id, settlement);
  };
  progress.start();
  for (const id of settlements.keys()) if (progress.run.steps.get(id)?.status === 'ready') settle(id);
  for (;;) {
    for (let step = progress.takeReady(); step !== undefined; step = progress.takeReady()) settle(step);
    const join = joins.next();
    if (join === undefined) return progress.run;
    settle(join);
  }
}

/**
 * The settlements of joins: of what lies inside such a join, only what it counts is worked in. A join that counts what is
 * not known yet has to wait for that.
 */
class Joins {
  readonly #counted = new Map<StepId, ReadonlySet<StepId>>();

  constructor(
    private readonly run: Run,
    settlements: Settlements,
  ) {
    for (const [id, settlement] of settlements) {
      if (settlement.status === 'joined' && isKnown(settlement, settlements)) this.#counted.set(id, new Set(settlement.counted));
    }
  }

  /** Whether the settlement of a step or a join counts: for every join around it that was settled and counts itself. */
  count(id: StepId): boolean {
    if (this.#counted.size === 0) return true;
    for (const join of joinsAround(this.run, id)) {
      if (this.#counted.get(join)?.has(id) === false && this.count(join)) return false;
    }
    return true;
  }

  /** A join that can be settled once nothing inside it can be any more: the innermost. */
  next(): StepId | undefined {
    const open = [...this.#counted.keys()].filter((id) => isOpenJoin(this.run, id) && this.count(id));
    return open.find((id) => !open.some((other) => isWithin(this.run, other, id)));
  }
}

const isKnown = ({ counted }: Joined, settlements: Settlements): boolean => counted.every((id) => settlements.has(id));

/** Whether all that the run has worked in counts as before. */
function isGrown(run: Run, settlements: Settlements): boolean {
  for (const [id, settlement] of run.settled) if (!isSame(settlement, settlements.get(id))) return false;
  for (const [id, settlement] of settlements) {
    if (settlement.status === 'joined' && isKnown(settlement, settlements) && leavesOut(run, id, settlement)) return false;
  }
  return true;
}

function isSame(one: Settlement, other: Settlement | undefined): boolean {
  if (one === other) return true;
  if (one.status === 'replaced') return other?.status === 'replaced' && one.canvas === other.canvas;
  if (one.status === 'chosen') return other?.status === 'chosen' && one.case === other.case;
  if (one.status === 'joined') return other?.status === 'joined' && one.counted === other.counted && one.rest === other.rest;
  return one.status === other?.status;
}

/** Whether an open join does not count something that was worked in. */
function leavesOut(run: Run, join: StepId, { counted }: Joined): boolean {
  if (!isOpenJoin(run, join)) return false;
  const counts = new Set(counted);
  for (const id of run.settled.keys()) if (!counts.has(id) && isWithin(run, id, join)) return true;
  return false;
}
