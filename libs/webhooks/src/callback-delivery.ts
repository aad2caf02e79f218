import type { Disposition } from '@millrace/broker';
import type { DeliveryAttempt, TaskMessage } from '@millrace/contracts';
import { type EngineSettings, sha256Of } from '@millrace/engine';
import { type Clock, every, type Random } from '@millrace/kernel';
import type { DeliveryEnd, RunRecord, RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';
import { ack, type Execution, type Executor } from '@millrace/worker';
import { classify } from './classify.js';
import type { Finaliser, NoOutcome } from './finaliser.js';
import type { CallbackClient, CallbackResponse } from './post-callback.js';
import { nextDelay } from './schedule.js';
import { signatureHeader } from './signature.js';

export interface CallbackDeliveryDeps {
  readonly finaliser: Finaliser;
  readonly runs: RunStore;
  readonly client: CallbackClient;
  /** Signing secrets; each signs. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: EngineSettings;
}

/** How long an attempt owns the delivery without a word from its worker. Short, so that a killed one still fits the budget. */
const leaseMs = 5_000;

/** Whoever found that a run's time was up may have a faster clock, by this much. A message that is earlier still is stale. */
const mostSkewMs = 1_000;

/** Steps F0 to F3 and CB of the protocol: freeze, write the body once, then send those bytes until somebody takes them. */
export class CallbackDelivery implements Executor {
  constructor(private readonly deps: CallbackDeliveryDeps) {}

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    const { finaliser, runs, clock } = this.deps;
    const now = clock.now();
    const outcome = await finaliser.finalise(message.run, now, now + leaseMs);
    if (outcome.kind !== 'frozen') return this.#withoutOutcome(message, outcome);
    if ((outcome.run.delivery?.nextAt ?? 0) > now) return ack;
    const begun = await runs.beginDelivery(message.run, { now: clock.now(), bodySha256: sha256Of(outcome.body), leaseUntil: clock.now() + leaseMs });
    if (begun?.applied) await this.#deliver(begun.run, outcome.body, execution);
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

  async #deliver(run: RunRecord, body: Uint8Array, execution: Execution): Promise<void> {
    const { clock, runs } = this.deps;
    const attempt = run.delivery?.attempts ?? 1;
    const at = clock.now();
    const response = run.callback ? await this.#post(run, body, { attempt, execution }) : undefined;
    const entry = { at, ms: clock.now() - at, ...describe(response) };
    const end = this.#endOf(response, attempt, entry);
    await runs.endDelivery(run.id, end);
    this.#tell(run, end);
  }

  async #post(run: RunRecord, body: Uint8Array, { attempt, execution }: { attempt: number; execution: Execution }): Promise<CallbackResponse> {
    const { client, clock, runs, secrets, settings } = this.deps;
    const timestamp = Math.floor(clock.now() / 1000);
    const id = `msg_${run.id}`;
    const stopHeartbeat = every(clock, settings.heartbeatMs, async () => {
      await Promise.allSettled([execution.lease.extend(), runs.touch(run.id, clock.now() + leaseMs)]);
    });
    try {
      return await client.post(
        run.callback?.url ?? '',
        {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signatureHeader(secrets, { id, timestamp, body }),
          'webhook-attempt': String(attempt),
        },
        body,
      );
    } finally {
      stopHeartbeat();
    }
  }

  #endOf(response: CallbackResponse | undefined, attempt: number, entry: DeliveryAttempt): DeliveryEnd {
    const verdict = response === undefined ? 'delivered' : classify(response);
    if (verdict === 'delivered') return { attempt, entry, status: 'delivered' };
    if (verdict === 'gone') return { attempt, entry, status: 'endpoint-disabled' };
    const retryAfterMs = response?.kind === 'response' ? response.retryAfterMs : undefined;
    const delayMs = nextDelay(attempt, this.deps.random, retryAfterMs);
    if (delayMs === undefined) return { attempt, entry, status: 'exhausted' };
    return { attempt, entry, status: 'delivering', nextAt: this.deps.clock.now() + delayMs };
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
}

function describe(response: CallbackResponse | undefined): { status?: number; error?: string } {
  if (!response) return {};
  return response.kind === 'response' ? { status: response.status } : { error: response.message };
}
