import type { Clock } from '@millrace/kernel';
import {
  BrokenCircuitError,
  bulkhead,
  type BulkheadPolicy,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  handleWhenResult,
  IterableBackoff,
  SamplingBreaker,
} from 'cockatiel';
import { isTrouble } from './classify.js';
import type { Tried } from './endpoint.js';
import type { CallbackResponse } from './post-callback.js';

/** That an endpoint is in trouble and is left alone for a while. */
export interface Opening {
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  /** How often in a row, from 1; each time longer. */
  readonly times: number;
}

interface GateOptions {
  readonly maxInFlight: number;
  readonly clock: Clock;
  /** Called when too much has failed here; not for what another dispatcher found. */
  onOpened(opening: Opening): void;
}

type Attempt = () => Promise<CallbackResponse | undefined>;

const firstBreakMs = 5_000;
const longestBreakMs = 60_000;
const breaksMs = [firstBreakMs, 10_000, 20_000, 40_000, longestBreakMs] as const;
/** Opens when more than half of at least 6 attempts in 30 s came to nothing. */
const sampling = { threshold: 0.5, duration: 30_000, minimumRps: 0.2 };
/** Attempts that wait in memory for a place, at an endpoint that answers well; none waits longer than `longestWaitMs`. */
const mostWaiting = 100;
const longestWaitMs = 1_000;
const wellMs = 1_000;
const fullMs = 1_000;
const longestPauseMs = 60_000;

export const closesAt = ({ openedAt, times }: Opening): number => openedAt + (breaksMs[times - 1] ?? longestBreakMs);

/**
 * Lets attempts at one endpoint through: few at once, and hardly any while it is in trouble. The breaker goes by the host's
 * time, so `clock` is to tell the same.
 */
export class EndpointGate {
  readonly #options: GateOptions;
  readonly #places: BulkheadPolicy;
  #breaker: CircuitBreakerPolicy;
  #opening: Opening | undefined;
  #pausedUntil = 0;
  #answersWell = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#places = bulkhead(options.maxInFlight, mostWaiting);
    this.#breaker = this.#newBreaker();
  }

  get maxInFlight(): number {
    return this.#options.maxInFlight;
  }

  /** Takes over what another dispatcher found. */
  open(opening: Opening): void {
    if (this.#breaker.state !== CircuitState.Closed || closesAt(opening) <= this.#options.clock.now()) return;
    this.#opening = opening;
    this.#breaker = this.#newBreaker(opening);
  }

  /** Lets nothing through for a while, at most a minute; the receiver asked for it. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.clock.now() + Math.min(ms, longestPauseMs));
  }

  async try(attempt: Attempt): Promise<Tried> {
    const until = this.#closedUntil();
    if (until !== undefined) return { kind: 'put-off', until };
    return this.#places.executionSlots > 0 ? this.#places.execute(() => this.#throughBreaker(attempt)) : this.#inTurn(attempt);
  }

  /** Waits for a place, but not for long: an endpoint that is slow of a sudden is not to hold all those who wait for it. */
  #inTurn(attempt: Attempt): Promise<Tried> {
    const { clock } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Tried>();
    let waits = true;
    const cancel = clock.after(longestWaitMs, () => {
      waits = false;
      resolve({ kind: 'put-off', until: clock.now() + fullMs });
    });
    const act = async (): Promise<void> => {
      cancel();
      if (waits) resolve(await this.#throughBreaker(attempt));
    };
    this.#places.execute(act).catch(reject);
    return promise;
  }

  async #throughBreaker(attempt: Attempt): Promise<Tried> {
    try {
      const response = await this.#breaker.execute(() => this.#timed(attempt));
      return { kind: 'made', ...(response && { response }) };
    } catch (err) {
      if (err instanceof BrokenCircuitError) return { kind: 'put-off', until: this.#closedUntil() ?? this.#options.clock.now() };
      throw err;
    }
  }

  #closedUntil(): number | undefined {
    const now = this.#options.clock.now();
    if (this.#pausedUntil > now) return this.#pausedUntil;
    const { state } = this.#breaker;
    if (state === CircuitState.HalfOpen) return now + firstBreakMs;
    if (state === CircuitState.Open && this.#opening && closesAt(this.#opening) > now) return closesAt(this.#opening);
    const { executionSlots, queueSlots } = this.#places;
    return executionSlots > 0 || (this.#answersWell && queueSlots > 0) ? undefined : now + fullMs;
  }

  async #timed(attempt: Attempt): Promise<CallbackResponse | undefined> {
    const { clock } = this.#options;
    const begunAt = clock.monotonic();
    const response = await attempt();
    if (response) this.#answersWell = !isTrouble(response) && clock.monotonic() - begunAt < wellMs;
    return response;
  }

  #newBreaker(opening?: Opening): CircuitBreakerPolicy {
    const breaker = new SamplingBreaker(sampling);
    const ownState = opening && { value: CircuitState.Open, openedAt: opening.openedAt, attemptNo: opening.times };
    const policy = circuitBreaker(troubled, {
      breaker,
      halfOpenAfter: new IterableBackoff([...breaksMs]),
      ...(ownState && { initialState: { ownState, breakerState: breaker.state } }),
    });
    policy.onBreak(() => this.#opened());
    policy.onReset(() => (this.#opening = undefined));
    return policy;
  }

  #opened(): void {
    const opening = { openedAt: this.#options.clock.now(), times: (this.#opening?.times ?? 0) + 1 };
    this.#opening = opening;
    this.#options.onOpened(opening);
  }
}

const troubled = handleWhenResult((response) => response !== undefined && isTrouble(response as CallbackResponse));
