import type { Running, Turn } from '../turns.js';

/** A system that runs canvases of no-op tasks in one worker process, 100 at a time, with the client in this process. */
export interface CanvasSystem {
  start(turn: Turn): Promise<RunningCanvas>;
}

export interface RunningCanvas extends Running {
  /** So many members at once, then a body; resolves to how many values the body was given. */
  chord(width: number): Promise<number>;
  /** Five steps, each of which adds one to the value of the step before; resolves to 5. */
  chain(): Promise<number>;
}
