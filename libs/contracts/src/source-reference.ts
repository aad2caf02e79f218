import { z } from 'zod';
import { ingestionOptions } from './ingestion-options.js';

/** An object in S3 that is to be ingested. */
export const objectSource = z.strictObject({
  bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is not the name of a bucket'),
  key: z.string().min(1).max(1024),
  contentType: z.string().max(128).optional().describe('Default: what the object says of itself'),
});
export type ObjectSource = z.infer<typeof objectSource>;

/** The body of POST /v1/ingestions that names an object in the place of data. */
export const sourceReference = z.strictObject({ source: objectSource, options: ingestionOptions.optional() });
export type SourceReference = z.infer<typeof sourceReference>;
