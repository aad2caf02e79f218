import type { DocumentStore, RateLimit, Taken } from '@millrace/document-store';
import type { TenantSettings } from './tenant-settings.js';

/** What a tenant's rate limit says of one request. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** In whole seconds, at least 1; when not allowed. */
  readonly retryAfterSeconds: number;
  /** `RateLimit-Policy` and `RateLimit`, as draft-ietf-httpapi-ratelimit-headers writes them. */
  readonly headers: Readonly<Record<string, string>>;
}

const windowSeconds = 60;

/** Takes one request out of a tenant's bucket; undefined for a tenant without a limit, which costs nothing. */
export async function takeRequest(documents: DocumentStore, tenant: string, settings: TenantSettings): Promise<RateVerdict | undefined> {
  const limit = rateLimitOf(settings);
  if (!limit) return undefined;
  const taken = await documents.take(`tenant:${tenant}`, limit);
  return { allowed: taken.allowed, retryAfterSeconds: Math.max(1, Math.ceil(taken.retryAfterMs / 1_000)), headers: headersOf(settings, limit, taken) };
}

function rateLimitOf({ perMinute, burst }: TenantSettings): RateLimit | undefined {
  if (perMinute === undefined) return undefined;
  return { perSecond: perMinute / windowSeconds, burst: burst ?? Math.max(1, Math.ceil(perMinute / 10)) };
}

const headersOf = ({ perMinute = 0 }: TenantSettings, { burst }: RateLimit, { remaining, fullAfterMs }: Taken): Record<string, string> => ({
  'ratelimit-policy': `"tenant";q=${Math.floor(perMinute)};w=${windowSeconds};burst=${burst}`,
  ratelimit: `"tenant";r=${remaining};t=${Math.ceil(fullAfterMs / 1_000)}`,
});
