import { crc32 } from 'node:zlib';
import type { Random } from '@millrace/kernel';

/**
 * An API key reads `mr_<id>_<secret><check>`: a prefix that secret scanners find, 12 characters that name it, 43 of
 * secret (256 bits) and 6 of CRC-32, so that a mistyped key is refused without asking anybody. All in base 62.
 */
const prefix = 'mr_';
const shape = /^mr_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface ApiKey {
  readonly id: string;
  /** The whole key, to be shown once. */
  readonly token: string;
}

export function newApiKey(random: Random): ApiKey {
  const id = base62(random.bytes(9), 12).slice(-12);
  const body = `${prefix}${id}_${base62(random.bytes(32), 43)}`;
  return { id, token: body + checkOf(body) };
}

export const looksLikeApiKey = (token: string): boolean => token.startsWith(prefix);

/** The id of a key that is not mistyped; undefined for anything else. */
export function apiKeyId(token: string): string | undefined {
  const [, id, , check] = shape.exec(token) ?? [];
  return check === checkOf(token.slice(0, -6)) ? id : undefined;
}

const checkOf = (body: string): string => base62(Buffer.from(crc32(body).toString(16).padStart(8, '0'), 'hex'), 6);

function base62(bytes: Uint8Array, length: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  while (value > 0n) {
    text = alphabet.charAt(Number(value % 62n)) + text;
    value /= 62n;
  }
  return text.padStart(length, '0');
}
