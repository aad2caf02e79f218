import type { Faults } from './faults.js';
import type { Life } from './life.js';
import type { World } from './world.js';

/** A request of a process to a server. */
export interface Call<T> {
  readonly life: Life;
  readonly what: string;
  /** What the request does at the server; takes effect at once, as one. */
  effect(): Promise<T>;
  /** What the process is told when the request or its reply gets lost. */
  lost(): Error;
  /** A few words on the reply, for the trace. */
  told?(value: T): string;
}

/**
 * Carries requests to servers. Each has two points at which its process may be killed: before it is sent, and between its
 * effect and the reply. A request may get lost before it has an effect, and a reply after.
 */
export class Network {
  /** Points passed so far. */
  #points = 0;
  readonly #killAt: ReadonlySet<number>;

  /** `killAt`: kills the process that passes the point of one of these numbers, counted from 1. */
  constructor(
    private readonly world: World,
    private readonly faults: Faults,
    killAt: readonly number[],
  ) {
    this.#killAt = new Set(killAt);
  }

  get points(): number {
    return this.#points;
  }

  /** Something that a process notices by itself. */
  note(life: Life, what: string): void {
    this.world.note(life.name, what);
  }

  /** Never settles when the process dies before the reply. */
  call<T>(call: Call<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#pass(call.life, `before ${call.what}`)) return;
      const fate = this.faults.fateOfRequest();
      if (fate === 'request lost') return this.#fail(call, fate, reject);
      const onTheWire = this.world.chance(0.5);
      this.world.after(this.faults.requestMs(), () => {
        if (!call.life.alive && !onTheWire) return;
        call.effect().then(
          (value) => this.#reply(call, () => (fate === 'reply lost' ? this.#fail(call, fate, reject) : this.#answer(call, value, resolve))),
          (err: unknown) => this.#reply(call, () => call.life.deliver(() => reject(err as Error))),
        );
      });
    });
  }

  #reply(call: Call<unknown>, arrive: () => void): void {
    if (!this.#pass(call.life, `after ${call.what}`)) return;
    this.world.after(this.faults.replyMs(), arrive);
  }

  #answer<T>(call: Call<T>, value: T, resolve: (value: T) => void): void {
    call.life.deliver(() => {
      this.world.note(call.life.name, call.told ? `${call.what}: ${call.told(value)}` : call.what);
      resolve(value);
    });
  }

  #fail({ life, what, lost }: Call<unknown>, fate: string, reject: (err: Error) => void): void {
    this.world.after(this.faults.timeoutMs(), () =>
      life.deliver(() => {
        this.world.note(life.name, `${what}: ${fate}`);
        reject(lost());
      }),
    );
  }

  #pass(life: Life, what: string): boolean {
    if (!life.alive) return false;
    this.#points += 1;
    if (this.#killAt.has(this.#points)) life.kill(`at point ${this.#points}, ${what}`);
    return life.pass(what);
  }
}
