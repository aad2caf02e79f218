import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { decodeFlat, type RecordFields, type RunRecord, type RunStatus } from '@millrace/run-store';

export type Attributes = Record<string, AttributeValue>;

/** Numbers become N, texts S. */
export function toAttributes(fields: RecordFields): Attributes {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: value }]));
}

/** Undefined when the item is not a run's. */
export function toRecord(attributes: Attributes | undefined): RunRecord | undefined {
  if (attributes?.['h'] === undefined) return undefined;
  return decodeFlat(Object.entries(attributes).flatMap(([name, { N, S }]) => [name, N ?? S ?? '']));
}

/** Undefined when the item is not a run's. */
export const statusOf = (attributes: Attributes | undefined): RunStatus | undefined => attributes?.['st']?.S as RunStatus | undefined;
