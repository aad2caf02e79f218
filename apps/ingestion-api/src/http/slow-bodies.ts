import type { IncomingMessage } from 'node:http';
import { type Clock, every } from '@millrace/kernel';
import { answerRaw } from './raw-answer.js';

const lookMs = 1_000;
const graceMs = 30_000;
const bytesPerSecond = 10_000;

interface Coming {
  readonly since: number;
  readonly bytesBefore: number;
}

/** Ends requests whose body comes at less than 10 kB/s once 30 s have passed: such a client costs a connection for nothing. */
export class SlowBodies {
  readonly #coming = new Map<IncomingMessage, Coming>();
  #stop: () => void = () => undefined;

  constructor(private readonly clock: Clock) {}

  start(): void {
    this.#stop = every(this.clock, lookMs, async () => this.#look());
  }

  stop(): void {
    this.#stop();
  }

  /** Looks after a request from now until its body is here or its client gone. */
  watch(request: IncomingMessage): void {
    const { headers, socket } = request;
    if (headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0) return;
    this.#coming.set(request, { since: this.clock.monotonic(), bytesBefore: socket.bytesRead });
    request.once('close', () => this.#coming.delete(request));
  }

  #look(): void {
    const now = this.clock.monotonic();
    for (const [request, { since, bytesBefore }] of this.#coming) {
      const seconds = (now - since) / 1000;
      if (request.complete) this.#coming.delete(request);
      else if (seconds * 1000 > graceMs && request.socket.bytesRead - bytesBefore < bytesPerSecond * seconds) this.#end(request);
    }
  }

  #end(request: IncomingMessage): void {
    this.#coming.delete(request);
    answerRaw(request.socket, 408, 'MILLRACE_REQUEST_SLOW', `the body of the request came at less than ${bytesPerSecond / 1000} kB/s`);
    request.destroy();
  }
}
