import type { Running, Turn } from '../turns.js';

/** A system that takes a POST and sends a signed callback with the insights, as Millrace does with its bench domains. */
export interface PipelineSystem {
  /** Makes ready what all turns share. Resolves to why the system cannot run here, or to undefined. */
  prepare(): Promise<string | undefined>;
  /** Resolves when all processes are started; they need not be ready. */
  start(turn: Turn, callbackSecret: string): Promise<RunningPipelines>;
}

export interface RunningPipelines extends Running {
  readonly apiUrl: string;
}
