import { createHash } from 'node:crypto';
import type { DocumentName, DocumentStore } from '@millrace/document-store';
import type { Clock } from '@millrace/kernel';

/** Names a piece of work, so that it is begun once however often it is asked for within a time. */
export interface Dedup {
  /** Any text, such as the id of the event that calls for the work. Tenants do not share keys. */
  readonly key: string;
  /** From the first time on, in milliseconds; at most a day. */
  readonly windowMs: number;
}

const aDay = 24 * 3_600_000;

/**
 * The id of the run of that key: the given one, if there is none within the window. Whoever is told an id begins that run,
 * which is done once: should the first have been killed before it did, the next one does it.
 */
export async function idOnce(deps: { readonly documents: DocumentStore; readonly clock: Clock }, tenant: string, { key, windowMs, id }: Dedup & { readonly id: string }): Promise<string> {
  if (!(windowMs > 0 && windowMs <= aDay)) throw new RangeError(`work cannot be told apart for ${windowMs} ms; more than 0 and at most ${aDay} ms it can`);
  const expiresAt = deps.clock.now() + Math.ceil(windowMs);
  const { document } = await deps.documents.put(nameOf(tenant, key), JSON.stringify({ run: id }), { ifVersion: 0, expiresAt });
  const first: { run: string } = JSON.parse(document?.value ?? JSON.stringify({ run: id }));
  return first.run;
}

/** Spread over collections, as a store may keep each in one place. */
function nameOf(tenant: string, key: string): DocumentName {
  const digest = createHash('sha256').update(JSON.stringify([tenant, key])).digest('hex');
  return { collection: `dedup:${digest.slice(0, 2)}`, key: digest };
}
