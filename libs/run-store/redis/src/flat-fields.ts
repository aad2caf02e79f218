import { decodeRecord, type RunRecord } from '@millrace/run-store';

/** Fields of a record and their values by turns, as scripts return them. */
export type FlatFields = ReadonlyArray<string | number>;

export function decodeFlat(flat: FlatFields): RunRecord {
  const fields: Record<string, string | number> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[String(flat[i])] = flat[i + 1] ?? '';
  return decodeRecord(fields);
}
