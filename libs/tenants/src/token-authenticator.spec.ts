import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type GenerateKeyPairResult, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { remoteKeys, TokenAuthenticator } from './token-authenticator.js';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1_000;
const issuer = 'https://issuer.test';
const audience = 'millrace';
let server: Server;
let pair: GenerateKeyPairResult;
let url: string;
let served = 0;

beforeAll(async () => {
  pair = await generateKeyPair('EdDSA');
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'EdDSA', use: 'sig' }] });
  server = createServer((_request, response) => (served++, response.setHeader('content-type', 'application/json').end(jwks)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
});
afterAll(() => server.close());

const good: JWTPayload = { sub: 'shop-7', tenant: 'acme', scope: 'openid ingest read', iss: issuer, aud: audience, iat: seconds - 60, exp: seconds + 60 };
const header = { alg: 'EdDSA', kid: 'one', typ: 'at+jwt' };
const token = (claims: JWTPayload = {}, changed: Partial<JWTHeaderParameters> = {}, key = pair.privateKey) =>
  new SignJWT({ ...good, ...claims }).setProtectedHeader({ ...header, ...changed }).sign(key);
const authenticator = (jwksUrl = url) => new TokenAuthenticator({ jwksUrl, issuer, audience }, remoteKeys({ jwksUrl }), () => now);

describe('a token', () => {
  it('says whose it is and what it is good for; the keys are fetched once', async () => {
    const door = authenticator();
    const before = served;
    for (let i = 0; i < 3; i++) expect(await door.authenticate(await token())).toEqual({ tenant: 'acme', scopes: new Set(['ingest', 'read']), credential: 'shop-7' });
    expect(served - before).toBe(1);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['is not signed', () => new UnsecuredJWT(good).encode()],
    ['is signed with the public key as a secret', async () => token({}, { alg: 'HS256' }, Buffer.from(await exportSPKI(pair.publicKey)) as never)],
    ['is signed by somebody else', async () => token({}, {}, (await generateKeyPair('EdDSA')).privateKey)],
    ['is for somebody else', () => token({ aud: 'another' })],
    ['is by another issuer', () => token({ iss: 'https://issuer.test.evil' })],
    ['has expired', () => token({ exp: seconds - 6 })],
    ['has no end', () => token({ exp: undefined as never })],
    ['is not good yet', () => token({ nbf: seconds + 6 })],
    ['is too old', () => token({ iat: seconds - 3_700, exp: seconds + 60 })],
    ['is of another type', () => token({}, { typ: 'JWT' })],
    ['names a key by a path', () => token({}, { kid: '../../etc/passwd' })],
    ['names no tenant', () => token({ tenant: undefined })],
    ['names a tenant that is none', () => token({ tenant: '../acme' })],
    ['is no token', () => 'a.b.c'],
  ])('is refused when it %s', async (_why, make) => {
    await expect(authenticator().authenticate(await make())).rejects.toMatchObject({ code: 'MILLRACE_UNAUTHENTICATED' });
  });

  it('is neither good nor bad while the keys cannot be fetched', async () => {
    await expect(authenticator('http://127.0.0.1:1/jwks.json').authenticate(await token())).rejects.toMatchObject({ code: 'MILLRACE_KEYS_UNREACHABLE', retryable: true });
  });
});
