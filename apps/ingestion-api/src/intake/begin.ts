import type { IngestionOptions, IngestionTerms } from '@millrace/contracts';
import type { RunStarter, Started } from '@millrace/engine';
import { MillraceError, sortableId } from '@millrace/kernel';
import { ingestionCanvas } from '@millrace/pipeline';
import type { Config, Runtime } from '@millrace/platform';
import { parseCallbackUrl } from '@millrace/webhooks';
import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from '../problem.js';
import { tenantOf } from '../tenant.js';
import { idempotencyKeyOf, idOfKey, InFlight, keyReused } from './idempotency.js';
import { Intake } from './intake.js';
import { checkDomains } from './options.js';
import type { Taken } from './taken.js';

/** How long an ingestion without a deadline may take. */
const noDeadlineMs = 24 * 3_600_000;

/** From a request to a run on record: steps A1 to A4 of the protocol. */
export class Beginnings {
  readonly #intake: Intake;
  readonly #inFlight = new InFlight();
  readonly #secret: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly starter: RunStarter,
    private readonly domainNames: readonly string[],
  ) {
    this.#intake = new Intake(runtime);
    this.#secret = runtime.config.MILLRACE_IDEMPOTENCY_SECRET ?? runtime.config.MILLRACE_PREFIX;
  }

  /** When it resolves the ingestion is safe; when it throws, nothing was accepted. */
  async begin(request: FastifyRequest): Promise<Started> {
    const key = idempotencyKeyOf(request.raw);
    if (key === undefined) return this.#begin(request);
    const id = idOfKey(this.#secret, tenantOf(request), key);
    const leave = this.#inFlight.enter(id);
    try {
      return await this.#begin(request, id);
    } catch (err) {
      throw MillraceError.is(err, 'MILLRACE_INGESTION_CONFLICT') ? keyReused() : err;
    } finally {
      leave();
    }
  }

  async #begin(request: FastifyRequest, keyed?: string): Promise<Started> {
    const id = keyed ?? sortableId('ing', this.runtime.clock, this.runtime.random);
    const taken = await this.#intake.take(request, id);
    let isNew = false;
    try {
      this.#check(taken.options);
      const started = await this.#start(taken, { id, tenant: tenantOf(request) });
      isNew = !started.replayed;
      return started;
    } finally {
      if (!isNew) await this.#discard(taken);
    }
  }

  #start({ contentType, filename, options, bytes, fingerprint }: Taken, owner: { readonly id: string; readonly tenant: string }): Promise<Started> {
    const { config } = this.runtime;
    const name = options.filename ?? filename;
    const request = {
      ...owner,
      canvas: ingestionCanvas(options.domains ?? null),
      contentType,
      ...(name === undefined ? {} : { filename: name }),
      ...(options.callback === undefined ? {} : { callbackUrl: options.callback }),
      terms: { ...termsOf(options), ...(fingerprint === undefined ? {} : { fingerprint }) },
      budgetMs: budgetOf(options, config),
      maxBytes: config.MILLRACE_MAX_BODY_BYTES,
    };
    return this.starter.start(request, bytes);
  }

  #check(options: IngestionOptions): void {
    checkDomains(options, this.domainNames);
    const { callback } = options;
    if (callback === undefined) return;
    const checked = parseCallbackUrl(callback, { allowPrivate: this.runtime.config.MILLRACE_CALLBACK_ALLOW_PRIVATE, allowHttp: true });
    if (checked.ok) return;
    const errors = [{ pointer: '#query/callback', detail: checked.message }];
    throw new ProblemError(problem({ status: 422, code: 'MILLRACE_CALLBACK_REFUSED', title: 'The callback is not taken', detail: checked.message, errors }));
  }

  /** What cannot be removed now is in nobody's way: a bucket's rules, or the next clean-up, take it. */
  async #discard(taken: Taken): Promise<void> {
    await taken.discard?.().catch((err: unknown) => this.runtime.log.warn({ err }, 'files of a request without a run not removed'));
  }
}

function termsOf({ metadata, priority, failure, deadline }: IngestionOptions): IngestionTerms {
  return {
    ...(metadata === undefined ? {} : { metadata }),
    ...(priority === undefined || priority === 0 ? {} : { priority }),
    ...(failure === 'all' ? { failure } : {}),
    ...(deadline === undefined ? {} : { deadline }),
  };
}

const budgetOf = ({ deadline, budgetMs }: IngestionOptions, config: Config): number => (deadline === 'none' ? noDeadlineMs : (budgetMs ?? config.MILLRACE_BUDGET_MS));
