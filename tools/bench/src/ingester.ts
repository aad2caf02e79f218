import type { CallbackReceiver, ReceivedCallback } from '@millrace/local-stack';
import { eventOf, type Payload } from '@millrace/local-stack';
import { messageOf } from '@millrace/kernel';
import { Pool } from 'undici';

/** What became of one ingestion. Times are performance.now(). */
export interface Outcome {
  readonly status: 'completed' | 'partial' | 'failed' | 'refused' | 'missing' | 'unsigned';
  readonly begunAt: number;
  /** When the 202 was here. */
  readonly acceptedAt?: number;
  /** When the callback was here. */
  readonly endedAt?: number;
  /** Of a refusal. */
  readonly reason?: string;
}

export interface Shipment {
  readonly contentType: Payload['contentType'];
  readonly body: Buffer;
  readonly apiKey?: string;
}

let nextId = 0;
const callbackWithinMs = 30_000;
const connections = 256;

/** Sends the same payload again and again, and knows each ingestion's callback by its path. */
export class Ingester {
  readonly #pool: Pool;
  readonly #receiver: CallbackReceiver;
  readonly #body: Buffer;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #waiting = new Map<string, (callback: ReceivedCallback) => void>();
  readonly #off: () => void;
  readonly #id = nextId++;
  #count = 0;

  /** With an `apiKey` it sends as that key's tenant. */
  constructor(apiUrl: string, receiver: CallbackReceiver, { contentType, body, apiKey }: Shipment) {
    this.#pool = new Pool(apiUrl, { connections });
    this.#receiver = receiver;
    this.#body = body;
    this.#headers = { 'content-type': contentType, ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) };
    this.#off = receiver.onCallback((callback) => {
      this.#waiting.get(callback.path)?.(callback);
      receiver.forget();
    });
  }

  /** One ingestion, from the POST to its callback. Never rejects. */
  async ingest(): Promise<Outcome> {
    const name = `${this.#id}-${this.#count++}`;
    const callback = this.#callbackAt(`/${name}`);
    const begunAt = performance.now();
    const refusal = await this.#post(`${this.#receiver.url}${name}`);
    const acceptedAt = performance.now();
    if (refusal !== undefined) {
      callback.giveUp();
      return { status: 'refused', begunAt, reason: refusal };
    }
    const received = await callback.received;
    if (!received) return { status: 'missing', begunAt, acceptedAt };
    const status = received.signatureProblem ? 'unsigned' : eventOf(received).data.status;
    return { status, begunAt, acceptedAt, endedAt: received.receivedAt };
  }

  async close(): Promise<void> {
    this.#off();
    await this.#pool.close();
  }

  #callbackAt(path: string): { received: Promise<ReceivedCallback | undefined>; giveUp(): void } {
    const { promise, resolve } = Promise.withResolvers<ReceivedCallback | undefined>();
    const settle = (callback?: ReceivedCallback) => {
      clearTimeout(timer);
      this.#waiting.delete(path);
      resolve(callback);
    };
    const timer = setTimeout(settle, callbackWithinMs);
    this.#waiting.set(path, settle);
    return { received: promise, giveUp: settle };
  }

  /** Why the POST was refused; undefined when it was accepted. */
  async #post(callback: string): Promise<string | undefined> {
    try {
      const answer = await this.#pool.request({ method: 'POST', path: `/v1/ingestions?callback=${encodeURIComponent(callback)}`, headers: this.#headers, body: this.#body });
      const text = await answer.body.text();
      return answer.statusCode === 202 ? undefined : `${answer.statusCode} ${text.slice(0, 300)}`;
    } catch (error) {
      return messageOf(error);
    }
  }
}
