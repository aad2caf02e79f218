import { Admission, type Refusal } from '@millrace/admission';
import type { Runtime } from '@millrace/platform';
import { type Authenticator, BearerAuthenticator, KeyAuthenticator, KeyRing, openToAll, remoteKeys, requireScope, takeRequest, TenantDirectory, TokenAuthenticator } from '@millrace/tenants';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, ProblemError } from '../problem.js';
import { letIn } from '../tenant.js';
import { scopeOf } from './scope-of.js';

/** Everything that is decided before a byte of the body is read: who asks, whether they may, and whether there is room. */
export class Door {
  readonly #authenticator: Authenticator;
  readonly #tenants: TenantDirectory;
  readonly #admission: Admission;

  constructor(private readonly runtime: Runtime) {
    const { config, documents, clock, load, random } = runtime;
    this.#authenticator = authenticatorOf(runtime);
    this.#tenants = new TenantDirectory(documents, limitsOf(config), clock);
    this.#admission = new Admission(load, { clock, random });
  }

  /** Rejects with the problem that the request is answered with. */
  async enter(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const scope = scopeOf(request.method, request.routeOptions.url);
    if (!scope || isLink(request)) return;
    const principal = await this.#authenticator.authenticate(request.headers.authorization);
    requireScope(principal, scope);
    letIn(request, principal);
    if (request.method === 'POST' && scope === 'ingest') await this.#admit(principal.tenant, request, reply);
  }

  async #admit(tenant: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const settings = await this.#tenants.settingsOf(tenant);
    const rate = await takeRequest(this.runtime.documents, tenant, settings);
    if (rate) void reply.headers(rate.headers);
    if (rate?.allowed === false) throw this.#refused({ status: 429, code: 'MILLRACE_RATE_LIMITED', detail: `tenant ${tenant} sends more than it may`, retryAfterSeconds: rate.retryAfterSeconds });
    const refusal = this.#admission.refusalOf({ tenant, ...urgencyOf(request, this.runtime.config.MILLRACE_BUDGET_MS), maxInFlight: settings.maxInFlight });
    if (refusal) throw this.#refused({ ...refusal, status: statusOf[refusal.code], detail: refusal.message });
  }

  #refused({ status, code, detail, retryAfterSeconds }: Refused): ProblemError {
    this.runtime.metrics.ingestions.inc({ status: code === 'MILLRACE_OVERLOADED' ? 'overloaded' : 'limited' });
    const title = status === 503 ? 'Overloaded' : 'Too many requests';
    return new ProblemError(problem({ status, code, title, detail }), { 'retry-after': String(retryAfterSeconds) });
  }
}

/** A link that a callback told is good for whoever has it; the route looks at its signature. */
const isLink = ({ routeOptions, query, headers }: FastifyRequest): boolean =>
  routeOptions.url === '/v1/ingestions/:id/results' && headers.authorization === undefined && typeof (query as Readonly<Record<string, unknown>>)['signature'] === 'string';

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

const statusOf: Readonly<Record<Refusal['code'], number>> = { MILLRACE_OVERLOADED: 503, MILLRACE_TENANT_BUSY: 429 };

/** What of the options matters before they are checked; what is wrong with them is told later. */
function urgencyOf({ query }: FastifyRequest, defaultMs: number): { budgetMs: number; isUrgent: boolean } {
  const { budgetMs, deadline } = query as Readonly<Record<string, unknown>>;
  const asked = Number(budgetMs);
  return { budgetMs: asked > 0 ? asked : defaultMs, isUrgent: deadline !== 'none' };
}

function authenticatorOf({ config, documents, clock, random }: Runtime): Authenticator {
  if (config.MILLRACE_AUTH === 'none') return openToAll('default');
  const keys = new KeyAuthenticator(new KeyRing(documents, config.MILLRACE_API_KEY_PEPPER ?? '', { clock, random }), clock);
  const { MILLRACE_JWKS_URL: jwksUrl, MILLRACE_JWT_ISSUER: issuer = '', MILLRACE_JWT_AUDIENCE: audience } = config;
  if (jwksUrl === undefined) return new BearerAuthenticator(keys, undefined);
  return new BearerAuthenticator(keys, new TokenAuthenticator({ jwksUrl, issuer, audience }, remoteKeys({ jwksUrl }), () => clock.now()));
}

const limitsOf = ({ MILLRACE_TENANT_PER_MINUTE: perMinute, MILLRACE_TENANT_MAX_IN_FLIGHT: maxInFlight }: Runtime['config']) => ({
  ...(perMinute === undefined ? {} : { perMinute }),
  ...(maxInFlight === undefined ? {} : { maxInFlight }),
});
