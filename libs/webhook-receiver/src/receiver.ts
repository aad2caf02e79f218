import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallbackEvent } from '@millrace/contracts';
import { type Clock, systemClock } from '@millrace/kernel';
import { RecentIds, type SeenIds } from './seen-ids.js';
import { type SignedCallback, verifyCallback } from './verify.js';
import { type VerifyingKey, verifyingKey } from './verifying-key.js';

export interface ReceiverOptions {
  /** Shared secrets, `whsec_…`, or public keys, `whpk_…`; during a rotation the old and the new. */
  readonly secrets: string | readonly string[];
  /** What is to be done with an outcome. When it rejects the answer is 500, and the callback comes again. */
  readonly onEvent: (event: CallbackEvent, about: { readonly id: string }) => void | Promise<void>;
  /** Default: the last 10,000 in memory. */
  readonly seen?: SeenIds;
  /** Default: 300 s, both ways. */
  readonly toleranceSeconds?: number;
  readonly clock?: Clock;
}

/** What the sender is answered; anything but 2xx makes it try again. */
export interface ReceiverAnswer {
  readonly status: 204 | 400 | 401 | 409 | 413 | 500;
  /** A word for the log of the sender; empty with 204. */
  readonly reason: string;
}

const mostBytes = 1024 * 1024;

/** Takes callbacks: verifies each, and calls `onEvent` once for each `webhook-id`, however often it comes. */
export class CallbackReceiver {
  readonly #keys: readonly VerifyingKey[];
  readonly #seen: SeenIds;
  readonly #clock: Clock;
  readonly #inHand = new Set<string>();

  /** Throws MILLRACE_RECEIVER_SECRET. */
  constructor(private readonly options: ReceiverOptions) {
    this.#keys = [options.secrets].flat().map(verifyingKey);
    this.#seen = options.seen ?? new RecentIds();
    this.#clock = options.clock ?? systemClock;
  }

  /** For any framework that can give the bytes of the body. */
  async handle(callback: SignedCallback): Promise<ReceiverAnswer> {
    if (callback.body.byteLength > mostBytes) return { status: 413, reason: 'too-large' };
    const nowSeconds = Math.floor(this.#clock.now() / 1000);
    const verified = verifyCallback(callback, { keys: this.#keys, nowSeconds, toleranceSeconds: this.options.toleranceSeconds ?? 300 });
    if (!verified.ok) return { status: verified.reason === 'no-matching-signature' ? 401 : 400, reason: verified.reason };
    if (this.#inHand.has(verified.id)) return { status: 409, reason: 'in-hand' };
    this.#inHand.add(verified.id);
    try {
      return await this.#dealWith(verified.id, callback.body);
    } catch {
      return { status: 500, reason: 'handler-failed' }; // whose error that is has been told: onEvent rejected with it
    } finally {
      this.#inHand.delete(verified.id);
    }
  }

  /** For servers of web-standard requests: `export default { fetch: receiver.fetch }`. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { status, reason } = await this.handle({ headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) });
    return new Response(status === 204 ? null : `${reason}\n`, { status });
  };

  /** For `node:http` and Express, where nothing may have parsed the body; bytes from `express.raw()` are taken as they are. */
  readonly node = async (request: IncomingMessage & { readonly body?: unknown }, response: ServerResponse): Promise<void> => {
    const body = request.body instanceof Uint8Array ? request.body : await bodyOf(request);
    const { status, reason } = await this.handle({ headers: request.headers, body });
    response.writeHead(status).end(status === 204 ? undefined : `${reason}\n`);
  };

  async #dealWith(id: string, body: Uint8Array): Promise<ReceiverAnswer> {
    if (!(await this.#seen.has(id))) {
      const event: CallbackEvent = JSON.parse(new TextDecoder().decode(body));
      await this.options.onEvent(event, { id });
      await this.#seen.add(id);
    }
    return { status: 204, reason: '' };
  }
}

/** What is beyond the limit is not kept; the length alone then says that it was too much. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes <= mostBytes + chunk.byteLength) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
