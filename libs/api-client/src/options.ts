import type { IngestionOptions, ListQuery } from '@millrace/contracts';

/** How an ingestion is to be begun. */
export interface IngestOptions extends IngestionOptions {
  /** Default: a new one for each call, which makes its own retries safe; give one of yours to make repeating the call safe too. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** What goes into the request beside its data. */
export function splitOptions({ idempotencyKey = crypto.randomUUID(), signal, ...options }: IngestOptions): { readonly options: IngestionOptions; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal | undefined } {
  return { options, headers: { 'idempotency-key': idempotencyKey }, signal };
}

/** Lists with commas, objects as JSON. */
export function queryOf(options: IngestionOptions | ListQuery): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    query.set(name, Array.isArray(value) ? value.join(',') : typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}

const types: Readonly<Record<string, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson', jsonl: 'application/x-ndjson', json: 'application/json' };

/** By the end of a file's name; what is not known the API will say. */
export const typeOfName = (name: string): string => types[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
