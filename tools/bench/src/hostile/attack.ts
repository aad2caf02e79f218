import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { corpus, type Hostile } from './corpus.js';

/** How the attackers were answered: by status, and how often not at all. */
export type Answers = Map<string, number>;

/** Sends the corpus round and round, `rate` requests a second, besides connections that drip a byte a second, until it is stopped. */
export class Attack {
  readonly answers: Answers = new Map();
  readonly #open = new Set<Socket>();
  readonly #stopping = new AbortController();

  constructor(private readonly port: number) {}

  async run(rate: number, dripping: number): Promise<void> {
    const began = performance.now();
    for (let i = 0; i < dripping; i++) void this.#drip();
    for (let nth = 0; !this.#stopping.signal.aborted; nth++) {
      const dueInMs = (nth * 1000) / rate - (performance.now() - began);
      if (dueInMs > 0) await delay(dueInMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      const hostile = corpus[nth % corpus.length];
      if (hostile) this.#send(hostile);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const closed = [...this.#open].map((socket) => once(socket.destroy(), 'close'));
    await Promise.all(closed);
  }

  #send({ name, bytes }: Hostile): void {
    const socket = this.#connect();
    let isAnswered = false;
    socket.once('data', (chunk: Buffer) => {
      isAnswered = true;
      this.#count(name, chunk.toString('latin1', 9, 12));
    });
    socket.once('close', () => isAnswered || this.#count(name, this.#stopping.signal.aborted ? 'still open' : 'none'));
    socket.resume().write(bytes);
  }

  async #drip(): Promise<void> {
    const socket = this.#connect();
    socket.write('POST /v1/ingestions HTTP/1.1\r\nhost: x\r\ncontent-type: text/csv\r\ncontent-length: 100000\r\n\r\n');
    while (!socket.destroyed && !this.#stopping.signal.aborted) {
      socket.write('x');
      await delay(1_000, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  #connect(): Socket {
    const socket = connect(this.port, '127.0.0.1');
    this.#open.add(socket);
    socket.on('error', () => undefined).once('close', () => this.#open.delete(socket)); // an end without an answer is counted
    return socket;
  }

  #count(name: string, status: string): void {
    const key = `${name}\t${status}`;
    this.answers.set(key, (this.answers.get(key) ?? 0) + 1);
  }
}
