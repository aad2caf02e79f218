import { looksLikeApiKey } from './api-key.js';
import { tenantErrors } from './errors.js';
import type { KeyAuthenticator } from './key-authenticator.js';
import type { Principal } from './principal.js';
import type { TokenAuthenticator } from './token-authenticator.js';

/** Tells from a request’s `Authorization` header who asks. */
export interface Authenticator {
  /** Rejects with MILLRACE_UNAUTHENTICATED, MILLRACE_KEYS_UNREACHABLE or as the document store does. */
  authenticate(header: string | undefined): Promise<Principal>;
}

/** Everybody is one tenant and may do everything: for a deployment that is not reached from outside. */
export const openToAll = (tenant: string): Authenticator => {
  const principal: Principal = { tenant, scopes: new Set(['admin']), credential: 'anybody' };
  return { authenticate: async () => principal };
};

/** `Authorization: Bearer` with an API key or, where the deployment takes them, a JSON web token. */
export class BearerAuthenticator implements Authenticator {
  constructor(
    private readonly keys: KeyAuthenticator,
    private readonly tokens: TokenAuthenticator | undefined,
  ) {}

  async authenticate(header: string | undefined): Promise<Principal> {
    const [, token] = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(header ?? '') ?? [];
    if (token === undefined) throw refused(header === undefined ? 'the request has no Authorization header' : 'the Authorization header is not “Bearer <API key or token>”');
    if (looksLikeApiKey(token)) return await this.keys.authenticate(token);
    if (!this.tokens) throw refused('what follows “Bearer” is not an API key; those begin with mr_');
    return await this.tokens.authenticate(token);
  }
}

const refused = (why: string): Error => tenantErrors.error('MILLRACE_UNAUTHENTICATED', `${why}; send Authorization: Bearer <API key>`);
