import type { IngestionOptions, IngestionTerms } from '@millrace/contracts';
import type { RunStarter, Started } from '@millrace/engine';
import { MillraceError, sortableId } from '@millrace/kernel';
import { ingestionCanvas } from '@millrace/pipeline';
import type { Config, Runtime } from '@millrace/platform';
import type { Endpoints } from '@millrace/webhooks';
import type { FastifyRequest } from 'fastify';
import { tenantOf } from '../tenant.js';
import { refusalOf } from './check-callback.js';
import { idempotencyKeyOf, idOfKey, InFlight, keyReused } from './idempotency.js';
import { Intake } from './intake.js';
import { checkDomains } from './options.js';
import type { Taken } from './taken.js';

interface Owner {
  readonly id: string;
  readonly tenant: string;
}

/** How long an ingestion without a deadline may take. */
const noDeadlineMs = 24 * 3_600_000;

export interface BeginningDeps {
  readonly starter: RunStarter;
  readonly endpoints: Pick<Endpoints, 'of' | 'ofNow'>;
  readonly domainNames: readonly string[];
}

/** From a request to a run on record: steps A1 to A4 of the protocol. */
export class Beginnings {
  readonly #intake: Intake;
  readonly #inFlight = new InFlight();
  readonly #secret: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: BeginningDeps,
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
    const owner = { id, tenant: tenantOf(request) };
    const taken = await this.#intake.take(request, id);
    let isNew = false;
    try {
      await this.#check(taken.options, owner);
      const started = await this.#start(taken, owner);
      isNew = !started.replayed;
      return started;
    } finally {
      if (!isNew) await this.#discard(taken);
    }
  }

  #start({ contentType, filename, options, bytes, fingerprint }: Taken, owner: Owner): Promise<Started> {
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
    return this.deps.starter.start(request, bytes);
  }

  /** An ingestion that was begun before stays so, whatever has become of its endpoint. */
  async #check(options: IngestionOptions, { id, tenant }: Owner): Promise<void> {
    const { endpoints, domainNames } = this.deps;
    checkDomains(options, domainNames);
    if (options.callback === undefined) return;
    const allowPrivate = this.runtime.config.MILLRACE_CALLBACK_ALLOW_PRIVATE;
    const refusal = await refusalOf(options.callback, { tenant, endpoints, allowPrivate });
    if (refusal && !(await this.runtime.runs.read(id))) throw refusal;
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
