import type { EngineSettings } from '@millrace/engine';
import type { AnyTask } from '@millrace/tasks';
import type { ComposeOutcome } from '@millrace/webhooks';
import type { Facts } from '../monitor/facts.js';
import type { Oracle } from '../monitor/oracle.js';
import type { Life } from '../world/life.js';
import type { World } from '../world/world.js';
import type { Ingestion } from './ingestion.js';

/** What the handlers of one life are made of. */
export interface Made {
  readonly life: Life;
  readonly world: World;
  /** How often handlers fail. */
  readonly trouble: () => number;
}

/** Which tasks the orchestrators serve, and which the other workers. */
export interface Tasks {
  readonly orchestration: readonly AnyTask[];
  readonly work: readonly AnyTask[];
}

/** What a simulated deployment is for. */
export interface Workload {
  readonly settings: EngineSettings;
  readonly compose: ComposeOutcome;
  ingestions(world: World): readonly Ingestion[];
  tasksOf(made: Made): Tasks;
  oracleOf(facts: Facts): Oracle;
}
