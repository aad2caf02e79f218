import type { BlobStore } from '@millrace/blob-store';
import type { Clock } from '@millrace/kernel';
import { controlErrors } from '../errors.js';
import type { Controllable } from '../workers/controllable.js';
import type { PoolCard } from '../workers/worker-card.js';
import type { CommandHandlers } from './command-station.js';
import { cpuProfile, heapSnapshot } from './diagnostics.js';
import { processStats } from './process-stats.js';

export interface Controlled {
  /** The process's id. */
  readonly id: string;
  /** Undefined in a process that is no worker. */
  readonly worker: Controllable | undefined;
  /** Begins a warm stop of the process. */
  drain(): void;
  /** Called after a change of queues or pools. */
  changed(): Promise<void>;
}

interface HandlerDeps {
  readonly blobs: BlobStore;
  readonly clock: Clock;
}

/** What each command does to a process. */
export function commandHandlers(process: Controlled, { blobs, clock }: HandlerDeps): CommandHandlers {
  const worker = (): Controllable => {
    if (process.worker) return process.worker;
    throw controlErrors.error('MILLRACE_CONTROL_NOT_A_WORKER', `${process.id} serves no queues`);
  };
  const keyOf = (command: string, extension: string): string => `diagnostics/${process.id.replaceAll(/[^A-Za-z0-9.-]/g, '_')}/${command}.${extension}`;
  const afterChange = async () => {
    await process.changed();
    return { queues: worker().queues.map(({ name }) => name) };
  };
  return {
    ping: async () => ({}),
    inspect: async () => {
      const active = process.worker?.active() ?? [];
      const reserved = Math.max(0, (process.worker?.inHand ?? 0) - active.length);
      return { active, reserved, registered: process.worker?.tasks ?? [], stats: await processStats(clock) };
    },
    terminate: async ({ run }) => ({ handlers: process.worker?.revoke(run) ?? 0 }),
    grow: async ({ pool, by }) => {
      const { name, slots: before } = poolOf(worker(), pool);
      await worker().resize(name, before + by);
      await process.changed();
      return { before, slots: poolOf(worker(), name).slots };
    },
    'add-queue': ({ queue }) => worker().serve(queue).then(afterChange),
    'cancel-queue': ({ queue }) => worker().leave(queue).then(afterChange),
    drain: async () => {
      const active = process.worker?.active().length ?? 0;
      process.drain();
      return { active };
    },
    'cpu-profile': async ({ seconds }, id) => cpuProfile(blobs, keyOf(id, 'cpuprofile'), { clock, seconds }),
    'heap-snapshot': async (_, id) => heapSnapshot(blobs, keyOf(id, 'heapsnapshot')),
    broadcast: ({ task, args, timeoutMs }, id) => worker().call({ id, task, args, timeoutMs }),
  };
}

/** The pool of that name or, without one, the only pool there is. */
function poolOf({ pools }: Controllable, name: string | undefined): PoolCard {
  const [pool, ...others] = pools.filter((candidate) => name === undefined || candidate.name === name);
  if (pool && others.length === 0) return pool;
  const asked = name === undefined ? 'several pools, so one has to be named' : `no pool ${JSON.stringify(name)}`;
  throw controlErrors.error('MILLRACE_CONTROL_POOL', `this worker has ${asked}: ${pools.map((each) => each.name).join(', ')}`);
}
