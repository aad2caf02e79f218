import type { Scope } from '@millrace/tenants';

const openToAll: ReadonlySet<string> = new Set(['/v1/openapi.json', '/v1/asyncapi.json']);

/** Which scope a route needs; undefined for what anybody may read. `route` is the pattern that matched, undefined when none did. */
export function scopeOf(method: string, route: string | undefined): Scope | undefined {
  if (!route?.startsWith('/v1/') || openToAll.has(route)) return undefined;
  if (method === 'GET' || method === 'HEAD') return 'read';
  if (!route.startsWith('/v1/ingestions')) return 'admin';
  return route.endsWith(':replay') ? 'replay' : 'ingest';
}
