import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Document, DocumentName } from '@millrace/document-store';

export type Item = Record<string, AttributeValue>;

/** Other clocks may be behind: DynamoDB frees what has expired so much later, in milliseconds, or later still. */
const marginMs = 60_000;

export const text = (S: string): AttributeValue => ({ S });
export const number = (value: number): AttributeValue => ({ N: String(value) });

export const keyOf = ({ collection, key }: DocumentName): Item => ({ pk: text(collection), sk: text(key) });

/** Collections have no spaces, so no document has such a key. */
export const bucketKey = (bucket: string): Item => ({ pk: text(`bucket ${bucket}`), sk: text('-') });

/** When DynamoDB may forget an item that is of no use from `expiresAt` on, in seconds. */
export const ttlOf = (expiresAt: number): AttributeValue => number(Math.ceil((expiresAt + marginMs) / 1_000));

/** Undefined when there is no such item, or it has expired. */
export function toDocument(item: Item | undefined, now: number): Document | undefined {
  const { pk, sk, v, n, x } = item ?? {};
  if (pk?.S === undefined || sk?.S === undefined || v?.S === undefined) return undefined;
  if (x?.N !== undefined && Number(x.N) <= now) return undefined;
  return { collection: pk.S, key: sk.S, value: v.S, version: Number(n?.N), ...(x?.N !== undefined && { expiresAt: Number(x.N) }) };
}
