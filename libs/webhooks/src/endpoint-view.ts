import { z } from 'zod';
import { endpointSettings, type EndpointSettings } from './endpoint-settings.js';
import { publicKeyOf } from './signature.js';
import type { SecretKind } from './signing-secret.js';

const time = z.iso.datetime();

const secretView = z
  .strictObject({
    kind: z.enum(['shared', 'key-pair']).describe('shared: HMAC-SHA256, whsec_. key-pair: ed25519'),
    publicKey: z.string().exactOptional().describe('whpk_…, of a key pair'),
    expiresAt: time.exactOptional().describe('From then on it does not sign'),
  })
  .readonly();

const { allowHttp, maxInFlight, timeoutMs } = endpointSettings.shape;

/** What is said of an endpoint, without what is secret. */
export const endpointView = z
  .strictObject({
    origin: z.string().describe('Scheme, host and port; with `*.` before the name for all names below it; `*` for all endpoints'),
    secrets: z.array(secretView).readonly().describe('Each signs, the newest first; when there is none, those of the deployment do'),
    headers: z.array(z.string()).readonly().describe('The names of those that go with every callback; their values are not told'),
    allowHttp,
    maxInFlight,
    timeoutMs,
    disabled: z
      .strictObject({ reason: z.enum(['gone', 'failing', 'by-hand']).describe('gone: it answered 410. failing: no callback got through for 120 hours'), at: time })
      .readonly()
      .exactOptional()
      .describe('No callbacks go there'),
  })
  .readonly();
export type EndpointView = z.infer<typeof endpointView>;

const iso = (ms: number): string => new Date(ms).toISOString();

/** Settings as they may be shown; of an endpoint that nobody says anything of, those are none. */
export function viewOfEndpoint(origin: string, { secrets = [], headers = {}, disabled, ...plain }: EndpointSettings): EndpointView {
  return {
    origin,
    secrets: secrets.map(({ secret, expiresAt }) => ({ ...verifierView(secret), ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }) })),
    headers: Object.keys(headers),
    ...plain,
    ...(disabled && { disabled: { reason: disabled.reason, at: iso(disabled.at) } }),
  };
}

function verifierView(secret: string): { readonly kind: SecretKind; readonly publicKey?: string } {
  return isKeyPair(secret) ? { kind: 'key-pair', publicKey: publicKeyOf(secret) } : { kind: 'shared' };
}

/** What a receiver verifies with: the secret itself, or the public key of a pair. */
export const verifierOf = (secret: string): string => (isKeyPair(secret) ? publicKeyOf(secret) : secret);

const isKeyPair = (secret: string): boolean => secret.startsWith('whsk_');
