import type { RunStore } from '@millrace/run-store';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';
import type { RunServer } from './run-server.js';
import { runStoreOver, storeOf } from './run-store.js';

/**
 * A run store as nobody must write one: it reads a record, changes it and writes it back whole, with no regard to what
 * others have changed meanwhile.
 */
export function overwritingRunStoreOver(network: Network, life: Life, server: RunServer): RunStore {
  const honest = runStoreOver(network, life, server);
  return storeOf(async (name, args) => {
    const method: unknown = Reflect.get(honest, name);
    if (typeof method !== 'function') throw new TypeError(`a run store has no method ${name}`);
    const [run] = args;
    if (name !== 'settle' || typeof run !== 'string') return Reflect.apply(method, honest, args);
    await honest.read(run);
    const known = server.revision(run);
    return network.call({
      life,
      what: `overwrite ${run}`,
      effect: () => server.overwrite(life.name, name, args, known),
      lost: () => new Error('the simulated run store did not answer'),
    });
  });
}
