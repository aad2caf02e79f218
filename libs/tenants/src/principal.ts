import { tenantErrors } from './errors.js';

/** What a credential may be good for. */
export const scopes = ['ingest', 'read', 'replay', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who asks. The tenant comes from the credential and from nowhere else. */
export interface Principal {
  readonly tenant: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The key's id or the token's subject, for logs. */
  readonly credential: string;
}

/** Throws MILLRACE_FORBIDDEN unless the principal has the scope; `admin` has them all. */
export function requireScope({ scopes: held, tenant }: Principal, scope: Scope): void {
  if (held.has(scope) || held.has('admin')) return;
  throw tenantErrors.error('MILLRACE_FORBIDDEN', `the credential of tenant ${tenant} has ${[...held].join(', ') || 'no scope'}, but ${scope} is needed`);
}

const namePattern = /^[a-z][a-z0-9_-]{0,63}$/;

export const isTenantName = (name: string): boolean => namePattern.test(name);

/** Throws MILLRACE_TENANT_NAME. */
export function requireTenantName(name: string): string {
  if (isTenantName(name)) return name;
  throw tenantErrors.error('MILLRACE_TENANT_NAME', `${JSON.stringify(name.slice(0, 80))} cannot be the name of a tenant`);
}
