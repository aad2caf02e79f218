import { messageOf } from '@millrace/kernel';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { tenantErrors } from './errors.js';
import { isTenantName, type Principal, type Scope, scopes } from './principal.js';

export interface TokenOptions {
  /** Where the signing keys are published. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** The claim that names the tenant. Default `tenant`. */
  readonly tenantClaim?: string;
}

/** Seconds since it was issued, whatever it says of its own end. */
const maxTokenAge = 3_600;

/** A remote key set: kept for ten minutes, asked again for an unknown key at most every 30 s. */
export const remoteKeys = ({ jwksUrl }: Pick<TokenOptions, 'jwksUrl'>): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(jwksUrl), { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 3_000 });

/**
 * Tells who holds a JSON web token, by RFC 9068 (`at+jwt`) and RFC 8725: the algorithms are named here, and issuer, audience,
 * times and type are all looked at.
 */
export class TokenAuthenticator {
  constructor(
    private readonly options: TokenOptions,
    private readonly keys: JWTVerifyGetKey,
    private readonly now: () => number,
  ) {}

  /** Rejects with MILLRACE_UNAUTHENTICATED, or MILLRACE_KEYS_UNREACHABLE when it cannot be told. */
  async authenticate(token: string): Promise<Principal> {
    const { issuer, audience } = this.options;
    const verified = await jwtVerify(token, this.keys, {
      algorithms: ['EdDSA', 'ES256', 'RS256'],
      issuer,
      audience,
      typ: 'at+jwt',
      clockTolerance: 5,
      maxTokenAge,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(this.now()),
    }).catch((cause: unknown) => {
      throw isUnreachable(cause)
        ? tenantErrors.error('MILLRACE_KEYS_UNREACHABLE', 'the keys that tokens are signed with cannot be fetched at the moment', { cause })
        : tenantErrors.error('MILLRACE_UNAUTHENTICATED', `the token is not accepted: ${messageOf(cause)}`, { cause });
    });
    return this.#principalOf(verified.payload);
  }

  #principalOf(payload: JWTPayload): Principal {
    const { tenantClaim = 'tenant' } = this.options;
    const tenant = payload[tenantClaim];
    if (typeof tenant !== 'string' || !isTenantName(tenant)) {
      throw tenantErrors.error('MILLRACE_UNAUTHENTICATED', `the token names no tenant in its claim ${JSON.stringify(tenantClaim)}`);
    }
    return { tenant, scopes: scopesOf(payload), credential: payload.sub ?? '' };
  }
}

/** RFC 8693: `scope` is a list with spaces; scopes of others are passed over. */
function scopesOf({ scope }: JWTPayload): ReadonlySet<Scope> {
  const named = typeof scope === 'string' ? scope.split(' ') : [];
  return new Set(scopes.filter((candidate) => named.includes(candidate)));
}

const isUnreachable = (cause: unknown): boolean =>
  cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid || !(cause instanceof errors.JOSEError) || cause.code === 'ERR_JOSE_GENERIC';
