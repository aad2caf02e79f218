import type { Canvas } from '@millrace/canvas';
import type { RunRecord, StepSettlement } from '@millrace/run-store';

export interface Step {
  readonly task: string;
  /** Whether all that stands before it has succeeded. */
  readonly isItsTurn: boolean;
  /** Undefined when there is none, or when it came before its turn: after a failover what was begun before may do so. */
  readonly settlement: StepSettlement | undefined;
}

type State = 'open' | 'succeeded' | 'failed';

/** Every step of a run of the product, named by the place of its signature, and those of canvases that took the place of one. */
export class Walk {
  readonly steps = new Map<string, Step>();
  readonly #state: State;

  constructor(private readonly record: RunRecord) {
    this.#state = this.#part(record.canvas, { prefix: '', next: 0 }, true);
  }

  /** Whether nothing is left to run. */
  get isOver(): boolean {
    return this.#state !== 'open';
  }

  #part(canvas: Canvas, at: { readonly prefix: string; next: number }, isItsTurn: boolean): State {
    if (canvas.kind === 'task') return this.#step(canvas.task, `${at.prefix}${at.next++}`, isItsTurn);
    if (canvas.kind === 'chain') return canvas.parts.reduce<State>((before, part) => inTurn(before, this.#part(part, at, isItsTurn && before === 'succeeded')), 'succeeded');
    if (canvas.kind === 'group') return canvas.members.map((member) => this.#part(member, at, isItsTurn)).includes('open') ? 'open' : 'succeeded';
    throw new TypeError(`the simulated product has no ${canvas.kind}`);
  }

  #step(task: string, step: string, isItsTurn: boolean): State {
    const settlement = isItsTurn ? this.record.steps[step]?.settlement : undefined;
    this.steps.set(step, { task, isItsTurn, settlement });
    if (settlement?.status === 'replaced') return this.#part(settlement.canvas, { prefix: `${step}.`, next: 0 }, true);
    if (!settlement) return 'open';
    return settlement.status === 'failed' ? 'failed' : 'succeeded';
  }
}

const inTurn = (before: State, part: State): State => (before === 'succeeded' ? part : before);
