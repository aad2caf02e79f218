import { timingSafeEqual, verify as verifyWith } from 'node:crypto';
import { sign, signedContent, type SignedMessage } from './signature.js';
import { readPublicKey } from './signing-secret.js';

export interface SignedRequest {
  /** Any of these may have signed: shared secrets, `whsec_…`, and public keys, `whpk_…`. */
  readonly secrets: readonly string[];
  /** As Node gives them; names in any case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes as they came, before any parsing. */
  readonly body: Uint8Array;
  readonly nowSeconds: number;
  /** How old, and how far in the future, the timestamp may be. Default: 300. */
  readonly toleranceSeconds?: number;
}

export type Verification =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'missing-header' | 'bad-id' | 'bad-timestamp' | 'too-old' | 'too-new' | 'no-matching-signature' };

/** Whether one of the secrets signed just this id, timestamp and body, and lately. Throws MILLRACE_WEBHOOK_SECRET. */
export function verify({ secrets, headers, body, nowSeconds, toleranceSeconds = 300 }: SignedRequest): Verification {
  const id = valueOf(headers, 'webhook-id');
  const timestamp = valueOf(headers, 'webhook-timestamp');
  const signatures = valueOf(headers, 'webhook-signature');
  if (!id || !timestamp || !signatures) return { ok: false, reason: 'missing-header' };
  if (!/^[\x21-\x2d\x2f-\x7e]+$/.test(id)) return { ok: false, reason: 'bad-id' };
  if (!/^(0|[1-9]\d{0,14})$/.test(timestamp)) return { ok: false, reason: 'bad-timestamp' };
  const at = Number(timestamp);
  if (nowSeconds - at > toleranceSeconds) return { ok: false, reason: 'too-old' };
  if (at - nowSeconds > toleranceSeconds) return { ok: false, reason: 'too-new' };

  const given = signatures.split(' ');
  const matches = secrets.flatMap((secret) => {
    const check = checkOf(secret, { id, timestamp: at, body });
    return given.map((signature) => check(signature));
  });
  return matches.includes(true) ? { ok: true } : { ok: false, reason: 'no-matching-signature' };
}

function checkOf(secret: string, message: SignedMessage): (signature: string) => boolean {
  if (!secret.startsWith('whpk_')) {
    const expected = sign(secret, message);
    return (signature) => equal(expected, signature);
  }
  const key = readPublicKey(secret);
  const content = signedContent(message);
  return (signature) => {
    const bytes = Buffer.from(signature.slice('v1a,'.length), 'base64');
    return signature === `v1a,${bytes.toString('base64')}` && verifyWith(null, content, key, bytes);
  };
}

function valueOf(headers: SignedRequest['headers'], name: string): string | undefined {
  const value = headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** Takes the same time wherever the first difference is. */
function equal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
