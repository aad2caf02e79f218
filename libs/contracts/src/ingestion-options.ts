import { z } from 'zod';

const domainName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a domain is lower-case letters, digits and dashes');

/** Any JSON value. */
export const json = z.json();

/** JSON that is small: it travels with the record and in every callback. */
export const metadata = z
  .record(z.string().max(100), json)
  .refine((value) => JSON.stringify(value).length <= 4_096, 'metadata has at most 4,096 characters as JSON');
export type Metadata = Readonly<z.infer<typeof metadata>>;

/** Options of POST /v1/ingestions: in the query of a raw body, as JSON in a form or with a reference to an object. */
export const ingestionOptions = z.strictObject({
  callback: z.url({ protocol: /^https?$/ }).max(2048).optional().describe('Where to POST the outcome; without one, ask for it'),
  domains: z.array(domainName).min(1).max(16).optional().describe('Restricts the ingestion to these domains; default: decided by content'),
  budgetMs: z.int().min(1000).max(300_000).optional().describe('Milliseconds from ingestion to callback; default: that of the deployment'),
  filename: z.string().max(255).optional().describe('The name of the file, for the record'),
  metadata: metadata.optional().describe('Anything of yours, as JSON; comes back in the view and in the callback'),
  priority: z.int().min(0).max(9).optional().describe('0, the default, to 9; tasks of a higher priority go first where the broker knows priorities'),
  failure: z.enum(['partial', 'all']).optional().describe('Whether one failed task leaves the rest standing (partial, the default) or fails the whole ingestion (all)'),
  deadline: z.enum(['none']).optional().describe('none: the ingestion may take as long as it takes, a day at most, and is not refused when the service is busy'),
});
export type IngestionOptions = z.infer<typeof ingestionOptions>;

/** What the record of an ingestion keeps of its options; absent is the default. */
export interface IngestionTerms {
  readonly metadata?: Metadata;
  readonly priority?: number;
  /** One failed task fails the whole ingestion. */
  readonly failure?: 'all';
  /** It has no budget; its deadline is far off. */
  readonly deadline?: 'none';
  /** SHA-256 that stands for the data, where the raw artifact's own does not: of several files. */
  readonly fingerprint?: string;
}
