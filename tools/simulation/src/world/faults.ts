import type { World } from './world.js';

/** How often what goes wrong. Probabilities are per request or message. */
export interface FaultRates {
  readonly requestLost: number;
  readonly replyLost: number;
  readonly duplicate: number;
  readonly early: number;
  readonly receiverFails: number;
  /** An API that takes a request dies soon. */
  readonly apiDies: number;
  readonly handlerFails: number;
}

export const noFaults: FaultRates = { requestLost: 0, replyLost: 0, duplicate: 0, early: 0, receiverFails: 0, apiDies: 0, handlerFails: 0 };
export const usualFaults: FaultRates = { requestLost: 0.02, replyLost: 0.02, duplicate: 0.03, early: 0.02, receiverFails: 0.15, apiDies: 0.2, handlerFails: 0.06 };

export type Fate = 'done' | 'request lost' | 'reply lost';

/** Decides what goes wrong, until it is told that nothing does any more. */
export class Faults {
  #rates: FaultRates;

  constructor(
    private readonly world: World,
    rates: FaultRates,
  ) {
    this.#rates = rates;
  }

  end(): void {
    this.#rates = noFaults;
  }

  fateOfRequest(): Fate {
    const { requestLost, replyLost } = this.#rates;
    const drawn = this.world.random.next();
    if (drawn < requestLost) return 'request lost';
    return drawn < requestLost + replyLost ? 'reply lost' : 'done';
  }

  isDoubled(): boolean {
    return this.world.chance(this.#rates.duplicate);
  }

  /** How long something that takes `ms` takes: sometimes less than it should. */
  hidden(ms: number): number {
    return this.world.chance(this.#rates.early) ? this.world.between(0, ms) : ms;
  }

  receiverFails(): boolean {
    return this.world.chance(this.#rates.receiverFails);
  }

  /** Now and then a receiver takes longer than an attempt's lease. */
  receiverMs(): number {
    return this.world.chance(this.#rates.receiverFails / 5) ? this.world.between(4_000, 9_000) : this.world.between(5, 80);
  }

  /** How often a handler fails. */
  handlers(): number {
    return this.#rates.handlerFails;
  }

  killsApi(): boolean {
    return this.world.chance(this.#rates.apiDies);
  }

  requestMs(): number {
    return this.world.between(0.5, 5);
  }

  replyMs(): number {
    return this.world.between(0.5, 4);
  }

  timeoutMs(): number {
    return this.world.between(20, 100);
  }
}
