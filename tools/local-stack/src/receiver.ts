import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallbackEvent } from '@millrace/contracts';
import { signatureProblem } from './signature-problem.js';

/** One callback request, as it came. */
export interface ReceivedCallback {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** When the last byte of it was here, as performance.now(). */
  readonly receivedAt: number;
  /** What is wrong with its signature; absent when it is right. */
  readonly signatureProblem?: string;
}

export interface Answer {
  readonly status: number;
  /** Milliseconds before the answer is sent. */
  readonly delayMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decides the answer to the `nth` callback, counted from 1. */
export type Answering = (callback: ReceivedCallback, nth: number) => Answer;

const accept: Answering = () => ({ status: 204 });

/** Takes callbacks on 127.0.0.1, keeps them and answers 204, or what it was told to answer. */
export class CallbackReceiver {
  /** Every callback so far, in the order of arrival. */
  readonly received: ReceivedCallback[] = [];
  readonly #server: Server;
  readonly #secret: string;
  readonly #listeners = new Set<(callback: ReceivedCallback) => void>();
  #answering = accept;

  private constructor(secret: string) {
    this.#secret = secret;
    this.#server = createServer((request, response) => void this.#take(request, response));
  }

  /** `secret`: what callbacks are signed with, `whsec_…`. `port`: 0 takes a free one. */
  static async start(secret: string, port = 0): Promise<CallbackReceiver> {
    const receiver = new CallbackReceiver(secret);
    await once(receiver.#server.listen(port, '127.0.0.1'), 'listening');
    return receiver;
  }

  /** Ends in a slash; any path below it is taken too. */
  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  }

  /** From now on, answer like this. */
  answer(answering: Answering): void {
    this.#answering = answering;
  }

  /** Calls `listener` for each callback from now on; the returned function ends that. */
  onCallback(listener: (callback: ReceivedCallback) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Drops the callbacks kept so far. */
  forget(): void {
    this.received.length = 0;
  }

  /** The first callback, past or future, that `matches`; undefined when `withinMs` pass without one. */
  async first(matches: (callback: ReceivedCallback) => boolean, withinMs: number): Promise<ReceivedCallback | undefined> {
    const past = this.received.find(matches);
    if (past) return past;
    return await new Promise((resolve) => {
      const off = this.onCallback((callback) => {
        if (matches(callback)) settle(callback);
      });
      const timer = setTimeout(() => settle(), withinMs);
      const settle = (callback?: ReceivedCallback) => {
        clearTimeout(timer);
        off();
        resolve(callback);
      };
    });
  }

  async close(): Promise<void> {
    const closed = once(this.#server.close(), 'close');
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const callback = await this.#read(request).catch(() => undefined);
    if (!callback) return; // the sender hung up half-way
    this.received.push(callback);
    const { status, delayMs = 0, headers = {} } = this.#answering(callback, this.received.length);
    for (const listener of this.#listeners) listener(callback);
    if (delayMs > 0) await delay(delayMs);
    response.writeHead(status, headers).end();
  }

  async #read(request: IncomingMessage): Promise<ReceivedCallback> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const receivedAt = performance.now();
    const problem = signatureProblem(this.#secret, request.headers, body);
    return { path: request.url ?? '/', headers: request.headers, body, receivedAt, ...(problem && { signatureProblem: problem }) };
  }
}

/** The body of a callback. */
export const eventOf = (callback: ReceivedCallback): CallbackEvent => JSON.parse(callback.body.toString('utf8'));
