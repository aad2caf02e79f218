import type { Disposition } from '@millrace/broker';
import type { DeliveryAttempt, TaskMessage } from '@millrace/contracts';
import { type EngineSettings, sha256Of } from '@millrace/engine';
import { type Clock, every, messageOf, type Random } from '@millrace/kernel';
import type { DeliveryEnd, RunRecord, RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';
import { ack, type Execution, type Executor } from '@millrace/worker';
import { classify } from './classify.js';
import type { DeadCallbacks } from './dead-callbacks.js';
import type { DeliveryEvents } from './delivery-events.js';
import type { Endpoint, Endpoints } from './endpoint.js';
import type { Finaliser, FinalOutcome, NoOutcome } from './finaliser.js';
import type { CallbackClient, CallbackResponse } from './post-callback.js';
import { nextDelay } from './schedule.js';
import { signatureHeader } from './signature.js';

export interface CallbackDeliveryDeps {
  readonly finaliser: Finaliser;
  readonly runs: RunStore;
  readonly client: CallbackClient;
  readonly endpoints: Endpoints;
  readonly dead: Pick<DeadCallbacks, 'add'>;
  readonly events: DeliveryEvents;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

/** A frozen run on its way to its endpoint. */
interface Dispatch extends FinalOutcome {
  readonly endpoint: Endpoint;
  readonly bodySha256: string;
}

/** The end of a delivery without a request. */
interface Unsent {
  readonly status: DeliveryEnd['status'];
  readonly error?: string;
  readonly endpoint?: Endpoint;
}

/** How long an attempt owns the delivery without a word from its worker. Short, so that a killed one still fits the budget. */
const leaseMs = 5_000;

/** Whoever found that a run's time was up may have a faster clock, by this much. A message that is earlier still is stale. */
const mostSkewMs = 1_000;

/** The failed attempt at which those concerned are told; most faults are over by then. */
const failingAttempt = 4;

const noRoomMs = 1_000;
const userAgent = 'millrace-callback/0.1';

/** Steps F0 to F3 and CB of the protocol: freeze, write the body once, then send those bytes until somebody takes them. */
export class CallbackDelivery implements Executor {
  constructor(private readonly deps: CallbackDeliveryDeps) {}

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    const { finaliser, clock } = this.deps;
    const now = clock.now();
    const outcome = await finaliser.finalise(message.run, now, now + leaseMs);
    if (outcome.kind !== 'frozen') return this.#withoutOutcome(message, outcome);
    const { run, body } = outcome;
    if ((run.delivery?.nextAt ?? 0) > now) return ack;
    const bodySha256 = sha256Of(body);
    if (run.callback) await this.#dispatch({ ...outcome, bodySha256, endpoint: await this.#endpointOf(run.tenant, run.callback.url) }, execution);
    else await this.#endAt(run, bodySha256, { status: 'delivered' });
    return ack;
  }

  #withoutOutcome({ run, task }: TaskMessage, outcome: NoOutcome): Disposition {
    const { metrics, log } = this.deps;
    if (outcome.kind === 'early') return outcome.byMs <= mostSkewMs ? { kind: 'release', delayMs: outcome.byMs } : ack;
    if (outcome.kind === 'over') return ack;
    metrics.orphans.inc();
    log.warn({ run, task }, 'message without a run');
    return ack;
  }

  /** One that is disabled may have been enabled lately. */
  async #endpointOf(tenant: string, url: string): Promise<Endpoint> {
    const { endpoints } = this.deps;
    const endpoint = await endpoints.of(tenant, url);
    return endpoint.disabled ? endpoints.ofNow(tenant, url) : endpoint;
  }

  async #dispatch(dispatch: Dispatch, execution: Execution): Promise<void> {
    const { client, clock, endpoints } = this.deps;
    const { endpoint, run, bodySha256 } = dispatch;
    const { disabled } = endpoint;
    if (disabled) return this.#endAt(run, bodySha256, { status: 'endpoint-disabled', error: `the endpoint is disabled: ${disabled.reason}`, endpoint });
    if (!client.hasRoom) return this.#putOff(dispatch, clock.now() + noRoomMs);
    const tried = await endpoints.try(endpoint, () => this.#attempt(dispatch, execution));
    if (tried.kind === 'put-off') await this.#putOff(dispatch, tried.until);
  }

  /** Tries later, without an attempt. Not all at the same moment. */
  async #putOff({ run, bodySha256 }: Dispatch, until: number): Promise<void> {
    const { clock, random, runs, metrics } = this.deps;
    const now = clock.now();
    const spread = Math.max(1_000, (until - now) / 2);
    metrics.callbacks.inc({ status: 'put-off' });
    await runs.putOffDelivery(run.id, { now, bodySha256, nextAt: Math.round(until + spread * random.next()) });
  }

  async #endAt(run: RunRecord, bodySha256: string, { status, error, endpoint }: Unsent): Promise<void> {
    const begun = await this.#begin(run, bodySha256);
    const entry = { at: this.deps.clock.now(), ms: 0, ...(error !== undefined && { error }) };
    if (begun?.applied) await this.#end(begun.run, { attempt: begun.run.delivery?.attempts ?? 1, entry, status }, endpoint);
  }

  async #attempt({ run, body, bodySha256, endpoint }: Dispatch, execution: Execution): Promise<CallbackResponse | undefined> {
    const begun = await this.#begin(run, bodySha256);
    return begun?.applied ? this.#deliver({ kind: 'frozen', run: begun.run, body, endpoint, bodySha256 }, execution) : undefined;
  }

  #begin(run: RunRecord, bodySha256: string): ReturnType<RunStore['beginDelivery']> {
    const now = this.deps.clock.now();
    return this.deps.runs.beginDelivery(run.id, { now, bodySha256, leaseUntil: now + leaseMs });
  }

  async #deliver(dispatch: Dispatch, execution: Execution): Promise<CallbackResponse> {
    const { clock } = this.deps;
    const { run, endpoint } = dispatch;
    const attempt = run.delivery?.attempts ?? 1;
    const at = clock.now();
    const response = await this.#post(dispatch, { attempt, execution });
    const entry = { at, ms: clock.now() - at, ...describe(response) };
    await this.#end(run, this.#endOf(run, response, { attempt, entry }), endpoint);
    return response;
  }

  async #post({ run, body, endpoint }: Dispatch, { attempt, execution }: { attempt: number; execution: Execution }): Promise<CallbackResponse> {
    const { client, clock, runs, settings } = this.deps;
    const now = clock.now();
    const timestamp = Math.floor(now / 1000);
    const id = `msg_${run.id}`;
    const stopHeartbeat = every(clock, settings.heartbeatMs, async () => {
      await Promise.allSettled([execution.lease.extend(), runs.touch(run.id, clock.now() + leaseMs)]);
    });
    const headers = {
      'user-agent': userAgent,
      ...endpoint.headers,
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureHeader(endpoint.keysAt(now), { id, timestamp, body }),
      'webhook-attempt': String(attempt),
    };
    try {
      return await client.post(run.callback?.url ?? '', { headers, body, allowHttp: endpoint.allowHttp, timeoutMs: endpoint.timeoutMs });
    } finally {
      stopHeartbeat();
    }
  }

  #endOf({ delivery }: RunRecord, response: CallbackResponse, { attempt, entry }: Pick<DeliveryEnd, 'attempt' | 'entry'>): DeliveryEnd {
    const verdict = classify(response);
    if (verdict === 'delivered') return { attempt, entry, status: 'delivered' };
    if (verdict === 'gone') return { attempt, entry, status: 'endpoint-disabled' };
    const retryAfterMs = response.kind === 'response' ? response.retryAfterMs : undefined;
    const delayMs = nextDelay(attempt - (delivery?.replayedAfter ?? 0), this.deps.random, retryAfterMs);
    if (delayMs === undefined) return { attempt, entry, status: 'exhausted' };
    return { attempt, entry, status: 'delivering', nextAt: this.deps.clock.now() + delayMs };
  }

  async #end(run: RunRecord, end: DeliveryEnd, endpoint: Endpoint | undefined): Promise<void> {
    const ended = await this.deps.runs.endDelivery(run.id, end);
    this.#tell(run, end);
    if (ended?.applied && endpoint) await this.#tellOthers(run, end, endpoint);
  }

  #tell(run: RunRecord, { attempt, entry, status }: DeliveryEnd): void {
    const { log, metrics, clock } = this.deps;
    metrics.callbacks.inc({ status });
    const fields = { run: run.id, task: 'callback.deliver', attempt, durationMs: entry.ms, status, response: entry.status };
    if (status === 'delivered') {
      metrics.endToEnd.observe({ outcome: run.status }, (clock.now() - run.createdAt) / 1000);
      log.info(fields, 'callback delivered');
    } else {
      log.warn({ ...fields, reason: entry.error }, 'callback not delivered');
    }
  }

  async #tellOthers({ id: run, tenant, delivery }: RunRecord, { attempt, entry, status }: DeliveryEnd, { origin }: Endpoint): Promise<void> {
    const { events, dead, log } = this.deps;
    const tries = attempt - (delivery?.replayedAfter ?? 0);
    if (status === 'delivering' && tries === failingAttempt) events.tell({ type: 'callback.failing', tenant, run, origin });
    if (status === 'delivered' && tries > failingAttempt) events.tell({ type: 'callback.recovered', tenant, run, origin });
    if (status === 'exhausted') events.tell({ type: 'callback.exhausted', tenant, run, origin });
    if (status !== 'exhausted' && status !== 'endpoint-disabled') return;
    const reason = entry.error ?? `answered with ${entry.status}`;
    await dead.add(tenant, { run, status, origin, at: entry.at, attempts: attempt, reason }).catch((err: unknown) => {
      log.warn({ run, reason: messageOf(err) }, 'dead callback not listed');
    });
  }
}

function describe(response: CallbackResponse): Pick<DeliveryAttempt, 'status' | 'error' | 'answer'> {
  if (response.kind === 'error') return { error: response.message };
  return { status: response.status, ...(response.answer !== undefined && { answer: response.answer }) };
}
