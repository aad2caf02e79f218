import { type RunStore, runStoreErrors } from '@millrace/run-store';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';
import { type RunServer, runStoreShape } from './run-server.js';

/** The run store as one process reaches it: every method is a request. */
export function runStoreOver(network: Network, life: Life, server: RunServer): RunStore {
  return storeOf((name, args) =>
    network.call({
      life,
      what: `store ${name} ${args.slice(0, 2).map(named).join(' ')}`.trimEnd(),
      effect: () => server.request(life.name, name, args),
      lost: () => runStoreErrors.error('MILLRACE_RUN_STORE_UNAVAILABLE', 'the simulated run store did not answer'),
      told,
    }),
  );
}

/** A run store all of whose methods are `request`. */
export const storeOf = (request: (name: string, args: readonly unknown[]) => Promise<unknown>): RunStore =>
  new Proxy(runStoreShape, {
    get: (target, name) => {
      const isMethod = typeof name === 'string' && typeof Reflect.get(target, name) === 'function';
      return isMethod ? (...args: readonly unknown[]) => request(name, args) : undefined;
    },
  });

/** What the trace says of an argument: ids, steps, settlements. */
function named(argument: unknown): string {
  if (typeof argument !== 'object' || argument === null) return String(argument);
  if ('step' in argument) return String(argument.step);
  return 'id' in argument ? String(argument.id) : '';
}

function told(reply: unknown): string {
  if (Array.isArray(reply)) return `${reply.length} due`;
  if (typeof reply !== 'object' || reply === null) return reply === undefined ? 'nothing' : String(reply);
  const { applied, run } = reply as { readonly applied?: boolean; readonly run?: { readonly status: string; readonly rev: number } };
  const outcome = applied === undefined ? '' : applied ? 'applied' : 'refused';
  return run ? `${outcome} ${run.status} ${run.rev}` : outcome;
}
