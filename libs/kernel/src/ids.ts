import type { Clock } from './clock.js';
import type { Random } from './random.js';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A sortable id: `<prefix>_` and 26 characters of Crockford base 32, 48 bits of time in ms and 80 random bits
 * (the layout of a ULID, https://github.com/ulid/spec, in lower case). Contains no `.`, `:` or `-`.
 */
export function sortableId(prefix: string, clock: Clock, random: Random): string {
  let time = clock.now();
  let head = '';
  for (let i = 0; i < 10; i++) {
    head = alphabet.charAt(time % 32) + head;
    time = Math.floor(time / 32);
  }
  const tail = Array.from(random.bytes(16), (byte) => alphabet.charAt(byte & 31)).join('');
  return `${prefix}_${head}${tail}`;
}

/** 32-bit FNV-1a, for spreading keys over shards. Not a cryptographic hash. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
