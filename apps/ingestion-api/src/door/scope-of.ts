import type { Scope } from '@millrace/tenants';

/** Which scope a route needs; undefined for what anybody may read. `route` is the pattern that matched, undefined when none did. */
export function scopeOf(method: string, route: string | undefined): Scope | undefined {
  if (!route?.startsWith('/v1/ingestions')) return undefined;
  if (route.endsWith(':replay')) return 'replay';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'ingest';
}
