import type { Runtime } from '@millrace/platform';
import { DeadCallbacks, openEndpoints, type Replay, replayCallback } from '@millrace/webhooks';

/** The injection token of what replays callbacks. */
export const REPLAY = Symbol('replay');

export type ReplayOf = (tenant: string, run: string) => Promise<Replay>;

/** Replays callbacks as the dispatchers would deliver them. */
export function replaysOf(runtime: Runtime): ReplayOf {
  const { MILLRACE_KEYS: keys, MILLRACE_CALLBACK_SECRETS: secrets = [] } = runtime.config;
  const { endpoints } = openEndpoints({ keys, secrets }, runtime);
  const dead = new DeadCallbacks(runtime.documents);
  return (tenant, run) => replayCallback({ tenant, run }, { ...runtime, endpoints, dead });
}
