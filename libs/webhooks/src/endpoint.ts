import type { Disabled } from './endpoint-settings.js';
import type { CallbackResponse } from './post-callback.js';
import type { SigningKey } from './signature.js';

/** Where callbacks of a tenant go, and how. */
export interface Endpoint {
  readonly tenant: string;
  /** Scheme, host and port. */
  readonly origin: string;
  readonly allowHttp: boolean;
  /** Go with every callback. */
  readonly headers: Readonly<Record<string, string>>;
  readonly maxInFlight: number;
  readonly timeoutMs: number;
  readonly disabled?: Disabled;
  /** All that sign at this time, in milliseconds since the epoch. */
  keysAt(now: number): readonly SigningKey[];
}

/** What became of a wish to deliver. */
export type Tried =
  /** The attempt was made; there is no response if it was not needed any more. */
  | { readonly kind: 'made'; readonly response?: CallbackResponse }
  /** The endpoint is to be left alone until then. */
  | { readonly kind: 'put-off'; readonly until: number };

/** The endpoints of all tenants as a dispatcher sees them. */
export interface Endpoints {
  /** By settings that may be a little old. Rejects when none are known yet and the store does not answer. */
  of(tenant: string, url: string): Promise<Endpoint>;
  /** By settings as they are now; for when those known say that nothing is to be done. */
  ofNow(tenant: string, url: string): Promise<Endpoint>;
  /** Makes the attempt if the endpoint can take one more now, and goes by what comes of it. */
  try(endpoint: Endpoint, attempt: () => Promise<CallbackResponse | undefined>): Promise<Tried>;
}
