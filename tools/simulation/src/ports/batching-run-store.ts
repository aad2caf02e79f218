import { type RunStore, runStoreErrors, type Transition } from '@millrace/run-store';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';
import type { RunServer } from './run-server.js';
import { runStoreOver, storeOf } from './run-store.js';

interface Batch {
  readonly operations: Array<readonly [name: string, args: readonly unknown[]]>;
  readonly outcome: Promise<readonly Transition[]>;
}

const batched: ReadonlySet<string> = new Set(['claim', 'fail', 'snooze', 'settle']);

/** How long a process waits for more to come, in milliseconds. */
const windowMs = 2;

/**
 * A run store that, as the one on Redis does, has what one process does to the steps of one run at about the same time
 * carried out together, and gives everybody the record after all of it.
 */
export function batchingRunStoreOver(network: Network, life: Life, server: RunServer): RunStore {
  const single = runStoreOver(network, life, server);
  const open = new Map<string, Batch>();
  return storeOf(async (name, args) => {
    const [run] = args;
    if (!batched.has(name) || typeof run !== 'string') return Reflect.apply(methodOf(single, name), single, args);
    const batch = open.get(run) ?? begin(run);
    const index = batch.operations.push([name, args]) - 1;
    return (await batch.outcome)[index];
  });

  function begin(run: string): Batch {
    const operations: Batch['operations'] = [];
    const outcome = new Promise<void>((resolve) => life.clock.after(windowMs, resolve)).then(() => {
      open.delete(run);
      return send(run, operations);
    });
    const batch = { operations, outcome };
    open.set(run, batch);
    return batch;
  }

  function send(run: string, operations: Batch['operations']): Promise<readonly Transition[]> {
    return network.call({
      life,
      what: `store ${operations.map(([name, [, at]]) => `${name} ${stepOf(at)}`).join(', ')} of ${run}`,
      effect: async () => {
        const replies: unknown[] = [];
        for (const [name, args] of operations) replies.push(await server.request(life.name, name, args));
        const after = server.records.get(run);
        return replies.flatMap((reply) => (after && typeof reply === 'object' && reply !== null && 'applied' in reply ? [{ applied: reply.applied === true, run: after }] : []));
      },
      lost: () => runStoreErrors.error('MILLRACE_RUN_STORE_UNAVAILABLE', 'the simulated run store did not answer'),
      told: (transitions) => transitions.map(({ applied, run: { status, rev } }) => `${applied ? 'applied' : 'refused'} ${status} ${rev}`).join(', '),
    });
  }
}

function methodOf(store: RunStore, name: string): (...args: unknown[]) => Promise<unknown> {
  const method: unknown = Reflect.get(store, name);
  if (typeof method !== 'function') throw new TypeError(`a run store has no method ${name}`);
  return method as (...args: unknown[]) => Promise<unknown>;
}

const stepOf = (at: unknown): string => (typeof at === 'object' && at !== null && 'step' in at ? String(at.step) : '');
