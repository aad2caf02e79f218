import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { decodeRecord, type RecordFields, type RunRecord } from '@millrace/run-store';

export type Attributes = Record<string, AttributeValue>;

/** Numbers become N, texts S. */
export function toAttributes(fields: RecordFields): Attributes {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, typeof value === 'number' ? { N: String(value) } : { S: value }]));
}

export function toRecord(attributes: Attributes): RunRecord {
  return decodeRecord(Object.fromEntries(Object.entries(attributes).map(([name, { N, S }]) => [name, N ?? S ?? ''])));
}
