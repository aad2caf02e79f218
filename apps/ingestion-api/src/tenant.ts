import type { Principal } from '@millrace/tenants';
import type { FastifyRequest } from 'fastify';

const principals = new WeakMap<FastifyRequest, Principal>();

/** Notes whose request it is, once that is proved. */
export const letIn = (request: FastifyRequest, principal: Principal): void => void principals.set(request, principal);

/** Whose request it is. Everything is read and written under this name, and nothing else says it. */
export function tenantOf(request: FastifyRequest): string {
  const principal = principals.get(request);
  if (principal) return principal.tenant;
  throw new TypeError(`${request.method} ${request.routeOptions.url} was let in without a word of whose it is`);
}
