export { apiClientErrors, ProblemError } from './errors.js';
export { type Data, type Ingested, MillraceClient, type MillraceClientOptions, type WaitOptions } from './millrace-client.js';
export type { IngestOptions } from './options.js';
