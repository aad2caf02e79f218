import type { BlobStore } from '@millrace/blob-store';
import { finalKey, type FollowUp, type HintSender } from '@millrace/engine';
import type { Clock } from '@millrace/kernel';
import type { RunRecord, RunStatus, RunStore } from '@millrace/run-store';
import type { DeadCallbacks } from './dead-callbacks.js';
import type { Endpoints } from './endpoint.js';

export interface ReplayDeps {
  readonly runs: Pick<RunStore, 'read' | 'replayDelivery'>;
  readonly blobs: Pick<BlobStore, 'stat'>;
  readonly followUp: Pick<FollowUp, 'due'>;
  readonly hints: Pick<HintSender, 'send'>;
  readonly endpoints: Pick<Endpoints, 'ofNow'>;
  readonly dead: Pick<DeadCallbacks, 'remove'>;
  readonly clock: Clock;
}

export type Replay =
  | { readonly kind: 'replayed'; readonly run: RunRecord }
  /** The tenant has no such run, or what it called back with is not kept any more. */
  | { readonly kind: 'unknown' }
  /** The run was begun without a callback. */
  | { readonly kind: 'no-callback' }
  /** The delivery is still to come or under way. */
  | { readonly kind: 'not-over'; readonly status: RunStatus }
  /** The endpoint is to be enabled first. */
  | { readonly kind: 'disabled'; readonly origin: string };

/** How long the hint has until the sweeper sends another, in milliseconds. */
const sweepAfterMs = 2_000;

/**
 * Delivers a callback once more, whatever became of it before: the same `webhook-id` and bytes, up to ten new attempts, the
 * first at once. For `POST /v1/ingestions/{id}/callback:replay` of the ingestion API, with the tenant of the caller; all of
 * `ReplayDeps` but `endpoints` and `dead` are parts of the Runtime, and `openEndpoints` and `new DeadCallbacks` make those.
 */
export async function replayCallback({ tenant, run: id }: { readonly tenant: string; readonly run: string }, deps: ReplayDeps): Promise<Replay> {
  const { runs, blobs, followUp, hints, endpoints, dead, clock } = deps;
  const run = await runs.read(id);
  if (!run || run.tenant !== tenant) return { kind: 'unknown' };
  if (!run.callback) return { kind: 'no-callback' };
  if (run.delivery && !(await blobs.stat(finalKey(id)))) return { kind: 'unknown' };
  const { origin, disabled } = await endpoints.ofNow(tenant, run.callback.url);
  if (disabled) return { kind: 'disabled', origin };
  const replayed = await runs.replayDelivery(id, clock.now() + sweepAfterMs);
  if (!replayed) return { kind: 'unknown' };
  if (!replayed.applied) return { kind: 'not-over', status: replayed.run.status };
  hints.send(await followUp.due(replayed.run));
  await dead.remove(tenant, id);
  return { kind: 'replayed', run: replayed.run };
}
