import type { PutOptions } from '@millrace/document-store';
import type { Update } from './document-table.js';
import { type Item, number, text, ttlOf } from './items.js';

const hasExpired = 'x <= :now';
const hasNotExpired = '(attribute_not_exists(x) OR x > :now)';

interface Put extends Omit<PutOptions, 'ifVersion'> {
  readonly value: string;
  readonly now: number;
}

/** Refused when there is a document that has not expired. */
export const make = (put: Put): Update => {
  const { sets, values } = content(put, ':1');
  return { condition: `attribute_not_exists(pk) OR ${hasExpired}`, update: sets, values: { ...values, ':1': number(1) } };
};

/** Refused when there is a document that has expired. */
export const makeOrChange = (put: Put): Update => {
  const { sets, values } = content(put, 'if_not_exists(n, :0) + :1');
  return { condition: hasNotExpired, update: sets, values: { ...values, ':0': number(0), ':1': number(1) } };
};

/** Refused unless there is a document of this version. */
export const change = (put: Put, version: number): Update => {
  const { sets, values } = content(put, 'n + :1');
  return { condition: `n = :version AND ${hasNotExpired}`, update: sets, values: { ...values, ':version': number(version), ':1': number(1) } };
};

/** The condition that there is a document, of this version if one is given. */
export function isThere(now: number, version: number | undefined): Omit<Update, 'update'> {
  if (version === undefined) return { condition: `attribute_exists(pk) AND ${hasNotExpired}`, values: { ':now': number(now) } };
  return { condition: `n = :version AND ${hasNotExpired}`, values: { ':now': number(now), ':version': number(version) } };
}

/** A bucket's theoretical arrival time, in microseconds. Refused when it lies ahead of now. */
export const begin = (nowMicros: number, costMicros: number, fullAt: number): Update => ({
  condition: 'attribute_not_exists(t) OR t < :now',
  update: 'SET t = :t, #ttl = :ttl',
  values: { ':now': number(nowMicros), ':t': number(nowMicros + costMicros), ':ttl': ttlOf(fullAt) },
});

/** Refused when it does not lie ahead of now, or would lie further ahead than `latest`. */
export const moveOn = (nowMicros: number, costMicros: number, { latestMicros, fullAt }: { readonly latestMicros: number; readonly fullAt: number }): Update => ({
  condition: 't BETWEEN :now AND :latest',
  update: 'SET t = t + :cost, #ttl = :ttl',
  values: { ':now': number(nowMicros), ':latest': number(latestMicros - costMicros), ':cost': number(costMicros), ':ttl': ttlOf(fullAt) },
});

function content({ value, now, expiresAt }: Put, version: string): { sets: string; values: Item } {
  const values = { ':v': text(value), ':now': number(now) };
  if (expiresAt === undefined) return { sets: `SET v = :v, n = ${version} REMOVE x, #ttl`, values };
  return { sets: `SET v = :v, n = ${version}, x = :x, #ttl = :ttl`, values: { ...values, ':x': number(expiresAt), ':ttl': ttlOf(expiresAt) } };
}
