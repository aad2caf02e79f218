import type { DocumentStore } from '@millrace/document-store';
import { type Clock, News, type Random, sortableId } from '@millrace/kernel';
import type { ActivityEvent } from '@millrace/telemetry';
import { collections, listAll, read } from '../collections.js';
import { batchTime, type EventBatch } from './event-recorder.js';

/** Keys of followers in the control collection begin so. */
export const followerPrefix = 'fol_';

/** Times of followers, in milliseconds. */
export const followerTimes = { renewMs: 5_000, expiresMs: 15_000 } as const;

/** Batches of a process whose clock is behind are still found when they come this late. */
const lateMs = 3_000;
const lookAnywayMs = 1_000;


interface FollowDeps {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly random: Random;
}

/** Batches of events from now on, as processes write them, until `signal` aborts. Those of one process come in order. */
export async function* followBatches({ documents, clock, random }: FollowDeps, signal: AbortSignal): AsyncGenerator<EventBatch> {
  const name = { collection: collections.control, key: sortableId('fol', clock, random) };
  const news = new News(clock);
  const unwatch = await documents.watch(collections.events, () => news.tell());
  const since = clock.now();
  const seen = new Set<string>();
  try {
    for (let renewAt = 0; !signal.aborted; await news.wait(lookAnywayMs, signal)) {
      const now = clock.now();
      if (now >= renewAt) {
        await documents.put(name, '{}', { expiresAt: now + followerTimes.expiresMs });
        renewAt = now + followerTimes.renewMs;
      }
      yield* await unseen(documents, batchTime(Math.max(since, now) - lateMs), seen);
    }
  } finally {
    await unwatch();
    await documents.remove(name);
  }
}

/** Events from now on, until `signal` aborts. */
export async function* followEvents(deps: FollowDeps, signal: AbortSignal): AsyncGenerator<ActivityEvent> {
  const began = deps.clock.now();
  for await (const { events } of followBatches(deps, signal)) yield* events.filter(({ at }) => at >= began - lateMs);
}

/** Batches after a key that were not seen before; forgets those before it. */
async function unseen(documents: DocumentStore, after: string, seen: Set<string>): Promise<readonly EventBatch[]> {
  const found = (await listAll(documents, collections.events, after)).filter(({ key }) => !seen.has(key));
  for (const key of seen) if (key < after) seen.delete(key);
  for (const { key } of found) seen.add(key);
  return found.map((document) => read<EventBatch>(document));
}
