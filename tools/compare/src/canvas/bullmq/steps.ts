/** The data of one step of a chain. */
export interface Step {
  /** The id of the last job, which the client waits for. */
  readonly run: string;
  readonly value: number;
}

/** Jobs that nobody waits for. */
export const stepsQueue = 'steps';

/** The last job of every canvas. It has a queue of its own, so that the client is told of no other. */
export const endsQueue = 'ends';

export const chainLength = 5;
