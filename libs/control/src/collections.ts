import type { Document, DocumentStore } from '@millrace/document-store';

/** Where remote control keeps its documents. */
export const collections = {
  /** One document for each process that is up, by its id. */
  workers: 'workers',
  /** Queues that were ever served, by name. */
  queues: 'queues',
  /** Commands and followers; every process watches this collection and no other. */
  control: 'control',
  /** Batches of events, in the order of their times. */
  events: 'events',
  /** By task, or `task/key`. */
  rateLimits: 'rate-limits',
  /** Schedules that were added by hand, by name. */
  schedules: 'schedules',
  /** When each schedule is due next, by name. */
  ticks: 'schedule-ticks',
} as const;

/** What the workers that carried out a command answered. */
export const repliesTo = (command: string): string => `replies:${command}`;

/** What is in a document; it was written by a release that is the same or near it. */
export const read = <T>(document: Document): T => JSON.parse(document.value) as T;

const pageSize = 1_000;

/** Every document of a collection. */
export async function listAll(documents: Pick<DocumentStore, 'list'>, collection: string, after = ''): Promise<readonly Document[]> {
  const found: Document[] = [];
  for (let page = await documents.list(collection, { after, limit: pageSize }); page.length > 0; ) {
    found.push(...page);
    const last = page.at(-1)?.key ?? '';
    page = await documents.list(collection, { after: last, limit: pageSize });
  }
  return found;
}
