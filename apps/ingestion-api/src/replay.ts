import type { Runtime } from '@millrace/platform';
import { type DeadCallbacks, type Replay, replayCallback, type TenantEndpoints } from '@millrace/webhooks';

/** The injection token of what replays callbacks. */
export const REPLAY = Symbol('replay');

export type ReplayOf = (tenant: string, run: string) => Promise<Replay>;

/** Replays callbacks as the dispatchers would deliver them. */
export const replaysOf =
  (runtime: Runtime, endpoints: TenantEndpoints, dead: DeadCallbacks): ReplayOf =>
  (tenant, run) =>
    replayCallback({ tenant, run }, { ...runtime, endpoints, dead });
