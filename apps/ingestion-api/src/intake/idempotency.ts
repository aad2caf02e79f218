import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { problem, ProblemError, wrongParameters } from '../problem.js';

const header = 'idempotency-key';
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idCharacters = 26;

/** The Idempotency-Key, given as a structured-field string or bare; undefined without one. Throws a 422 problem. */
export function idempotencyKeyOf({ headers }: IncomingMessage): string | undefined {
  const given = headers[header];
  if (given === undefined) return undefined;
  const quoted = typeof given === 'string' && /^"(.*)"$/.exec(given);
  const key = quoted ? (quoted[1] ?? '').replace(/\\(["\\])/g, '$1') : given;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw wrongParameters({ pointer: `#header/${header}`, detail: 'an Idempotency-Key has 1 to 255 visible ASCII characters, with or without quotation marks' });
}

/**
 * The id of the one ingestion that a tenant's key stands for: 130 bits of an HMAC-SHA256, as long as any other id. So the
 * record itself remembers the key, for as long as it is kept.
 */
export function idOfKey(secret: string, tenant: string, key: string): string {
  const digest = createHmac('sha256', secret).update(`${tenant}|POST /v1/ingestions|${key}`).digest();
  return `ing_${Array.from(digest.subarray(0, idCharacters), (byte) => alphabet.charAt(byte & 31)).join('')}`;
}

/** The ingestions that this process is taking in under a key. */
export class InFlight {
  readonly #ids = new Set<string>();

  /** The returned function says that it is no longer. Throws a 409 problem when the id is being taken in already. */
  enter(id: string): () => void {
    if (this.#ids.has(id)) throw inUse();
    this.#ids.add(id);
    return () => void this.#ids.delete(id);
  }
}

function inUse(): ProblemError {
  const detail = 'a request with this Idempotency-Key is being taken in just now';
  return new ProblemError(
    problem({ status: 409, code: 'MILLRACE_IDEMPOTENCY_KEY_IN_USE', title: 'Key in use', detail, errors: [{ pointer: `#header/${header}`, detail }] }),
    { 'retry-after': '1' },
  );
}

/** The answer to a key that comes again with something else. */
export function keyReused(): ProblemError {
  const detail = 'this Idempotency-Key was used before with other data or other options';
  return new ProblemError(problem({ status: 422, code: 'MILLRACE_IDEMPOTENCY_KEY_REUSED', title: 'Key reused', detail, errors: [{ pointer: `#header/${header}`, detail }] }));
}
