import type { Broker } from '@millrace/broker';
import type { TaskExecutor, Worker } from '@millrace/worker';
import { controlErrors } from '../errors.js';
import type { CallOutcome, Controllable, LoneCall, QueueCard } from './controllable.js';
import type { ActiveTry, PoolCard } from './worker-card.js';

/** Pools whose slots can be made more or fewer. */
export interface ResizablePools {
  readonly use: readonly PoolCard[];
  /** Resolves with whether there is a pool of that name. */
  resize(name: string, slots: number): Promise<boolean>;
}

export interface ControlledParts {
  readonly broker: Pick<Broker, 'prepare'>;
  readonly worker: Worker;
  readonly executor: TaskExecutor;
  /** Names of all that it can carry out. */
  readonly tasks: readonly string[];
  readonly pools: ResizablePools;
}

/** A worker as remote control sees it. */
export class ControlledWorker implements Controllable {
  constructor(private readonly parts: ControlledParts) {}

  get queues(): readonly QueueCard[] {
    return this.parts.worker.queues;
  }

  get tasks(): readonly string[] {
    return this.parts.tasks;
  }

  get pools(): readonly PoolCard[] {
    return this.parts.pools.use;
  }

  get inHand(): number {
    return this.parts.worker.inHand;
  }

  active(): readonly ActiveTry[] {
    return this.parts.executor.underway.active();
  }

  revoke(run: string): number {
    return this.parts.executor.underway.revoke(run);
  }

  async resize(name: string, slots: number): Promise<void> {
    if (slots < 1) throw controlErrors.error('MILLRACE_CONTROL_POOL', `pool ${name} cannot have ${slots} slots`);
    if (await this.parts.pools.resize(name, slots)) return;
    throw controlErrors.error('MILLRACE_CONTROL_POOL', `this worker has no pool ${JSON.stringify(name)}`);
  }

  async serve(queue: QueueCard): Promise<void> {
    await this.parts.broker.prepare([queue]);
    await this.parts.worker.serve(queue);
  }

  async leave(queue: string): Promise<void> {
    if (await this.parts.worker.leave(queue)) return;
    throw controlErrors.error('MILLRACE_CONTROL_QUEUE', `this worker does not serve queue ${JSON.stringify(queue)}`);
  }

  async call(call: LoneCall): Promise<CallOutcome> {
    const { outcome } = await this.parts.executor.call(call);
    if ('error' in outcome) return { status: 'failed', code: outcome.error.code, message: outcome.error.message };
    return { status: 'succeeded', value: outcome.kind === 'succeeded' ? (outcome.value ?? null) : null };
  }
}
