import type { Canvas } from '@millrace/canvas';
import type { RunRecord, StepSettlement } from '@millrace/run-store';

export interface Step {
  readonly task: string;
  /** Whether all that stands before it is decided. */
  readonly isItsTurn: boolean;
  /** Undefined when there is none, or when it came before its turn: after a failover what was begun before may do so. */
  readonly settlement: StepSettlement | undefined;
}

/** Every step of a canvas, named by the place of its signature, and those of canvases that took the place of one. */
export class Walk {
  readonly steps = new Map<string, Step>();

  constructor(private readonly record: RunRecord) {
    this.#part(record.canvas, { prefix: '', next: 0 }, true);
  }

  /** Whether the part is decided, in so far as that is not for want of its turn. */
  #part(canvas: Canvas, at: { readonly prefix: string; next: number }, isItsTurn: boolean): boolean {
    if (canvas.kind === 'task') return this.#step(canvas.task, `${at.prefix}${at.next++}`, isItsTurn);
    if (canvas.kind === 'group') return canvas.members.map((member) => this.#part(member, at, isItsTurn)).every(Boolean) && isItsTurn;
    if (canvas.kind !== 'chain') throw new TypeError(`the simulated product has no ${canvas.kind}`);
    return canvas.parts.reduce((decided, part) => this.#part(part, at, decided) && decided, isItsTurn);
  }

  #step(task: string, step: string, isItsTurn: boolean): boolean {
    const settlement = isItsTurn ? this.record.steps[step]?.settlement : undefined;
    this.steps.set(step, { task, isItsTurn, settlement });
    if (settlement?.status !== 'replaced') return settlement !== undefined;
    return this.#part(settlement.canvas, { prefix: `${step}.`, next: 0 }, true);
  }
}
