export { type ApiKey, apiKeyId, newApiKey } from './api-key.js';
export { type Authenticator, BearerAuthenticator, openToAll } from './authenticator.js';
export { tenantErrors } from './errors.js';
export { KeyAuthenticator } from './key-authenticator.js';
export { isActive, type IssueRequest, type KeyInfo, KeyRing } from './key-ring.js';
export { isTenantName, type Principal, requireScope, requireTenantName, type Scope, scopes } from './principal.js';
export { type RateVerdict, takeRequest } from './rate-gate.js';
export { TenantDirectory, type TenantSettings } from './tenant-settings.js';
export { remoteKeys, TokenAuthenticator, type TokenOptions } from './token-authenticator.js';
