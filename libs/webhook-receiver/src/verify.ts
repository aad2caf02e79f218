import type { VerifyingKey } from './verifying-key.js';

/** Headers as Node has them, with names in any case, or as web standards do. */
export type CallbackHeaders = Readonly<Record<string, string | readonly string[] | undefined>> | Pick<Headers, 'get'>;

export interface SignedCallback {
  readonly headers: CallbackHeaders;
  /** The bytes as they came, before any parsing. */
  readonly body: Uint8Array;
}

export interface VerifyOptions {
  /** Any of these may have signed. */
  readonly keys: readonly VerifyingKey[];
  readonly nowSeconds: number;
  /** How old, and how far in the future, the timestamp may be. */
  readonly toleranceSeconds: number;
}

export type Verified =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly reason: 'missing-header' | 'bad-id' | 'bad-timestamp' | 'too-old' | 'too-new' | 'no-matching-signature' };

const idForm = /^[\x21-\x2d\x2f-\x7e]{1,256}$/;
const mostSignatures = 16;

/** Whether one of the keys signed just this id, timestamp and body, and lately; by Standard Webhooks 1.0.0. */
export function verifyCallback({ headers, body }: SignedCallback, { keys, nowSeconds, toleranceSeconds }: VerifyOptions): Verified {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => valueOf(headers, name));
  if (!id || !timestamp || !signatures) return { ok: false, reason: 'missing-header' };
  if (!idForm.test(id)) return { ok: false, reason: 'bad-id' };
  if (!/^(0|[1-9]\d{0,14})$/.test(timestamp)) return { ok: false, reason: 'bad-timestamp' };
  if (nowSeconds - Number(timestamp) > toleranceSeconds) return { ok: false, reason: 'too-old' };
  if (Number(timestamp) - nowSeconds > toleranceSeconds) return { ok: false, reason: 'too-new' };
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const given = signatures.split(' ').slice(0, mostSignatures);
  const matches = keys.flatMap((key) => given.map((signature) => key(signature, content)));
  return matches.includes(true) ? { ok: true, id } : { ok: false, reason: 'no-matching-signature' };
}

function valueOf(headers: CallbackHeaders, name: string): string | undefined {
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}
