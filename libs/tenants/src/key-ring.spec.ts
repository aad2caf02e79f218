import { ManualClock, systemRandom } from '@millrace/kernel';
import { MemoryDocumentStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { BearerAuthenticator } from './authenticator.js';
import { KeyAuthenticator } from './key-authenticator.js';
import { KeyRing } from './key-ring.js';
import { requireScope } from './principal.js';

let clock: ManualClock;
let documents: MemoryDocumentStore;
let ring: KeyRing;
let door: BearerAuthenticator;

beforeEach(() => {
  clock = new ManualClock();
  documents = new MemoryDocumentStore(clock);
  ring = new KeyRing(documents, 'pepper', { clock, random: systemRandom });
  door = new BearerAuthenticator(new KeyAuthenticator(ring, clock), undefined);
});

const open = (token: string) => door.authenticate(`Bearer ${token}`);

describe('a key ring', () => {
  it('issues keys that say whose they are and what they are good for', async () => {
    const { id, token } = await ring.issue({ tenant: 'acme', scopes: ['ingest', 'read'] });
    const principal = await open(token);
    expect(principal).toEqual({ tenant: 'acme', scopes: new Set(['ingest', 'read']), credential: id });
    requireScope(principal, 'read');
    expect(() => requireScope(principal, 'replay')).toThrow('has ingest, read, but replay is needed');
  });

  it('keeps no token and nothing a token could be made from', async () => {
    const { token } = await ring.issue({ tenant: 'acme', scopes: ['admin'] });
    const [document] = await documents.list('api-keys', { limit: 10 });
    expect(document?.value).not.toContain(token.slice(16, 59));
    const elsewhere = new KeyRing(documents, 'other pepper', { clock, random: systemRandom });
    expect(await elsewhere.find(document?.key ?? '', token)).toBeUndefined();
  });

  it('has two active keys of a tenant at most, and room again when one is revoked or has expired', async () => {
    const first = await ring.issue({ tenant: 'acme', scopes: ['read'], expiresAt: clock.now() + 1_000 });
    await clock.advance(1);
    const second = await ring.issue({ tenant: 'acme', scopes: ['read'] });
    await expect(ring.issue({ tenant: 'acme', scopes: ['read'] })).rejects.toThrow(`2 active keys (${first.id}, ${second.id}); revoke one first`);
    await ring.issue({ tenant: 'other', scopes: ['read'] });
    await clock.advance(1_000);
    await ring.issue({ tenant: 'acme', scopes: ['read'] });
    await ring.revoke(second.id);
    await ring.issue({ tenant: 'acme', scopes: ['read'] });
    const keys = await ring.list('acme');
    expect([keys.length, keys.filter(({ revokedAt }) => revokedAt !== undefined).map(({ id }) => id)]).toEqual([4, [second.id]]);
  });

  it('changes a key for another, the old one being good until the grace is over', async () => {
    const old = await ring.issue({ tenant: 'acme', scopes: ['replay'] });
    const next = await ring.rotate(old.id, 60_000);
    expect((await open(next.token)).scopes).toEqual(new Set(['replay']));
    expect((await open(old.token)).tenant).toBe('acme');
    await clock.advance(60_000);
    await expect(open(old.token)).rejects.toThrow(`the API key ${old.id} has expired`);
    expect((await open(next.token)).tenant).toBe('acme');
  });

  it('revokes a key once, within half a minute everywhere', async () => {
    const { id, token } = await ring.issue({ tenant: 'acme', scopes: ['read'] });
    await open(token);
    const revoked = await ring.revoke(id);
    await clock.advance(30_000);
    await expect(open(token)).rejects.toThrow(`the API key ${id} was revoked`);
    expect(await ring.revoke(id)).toEqual(revoked);
    await expect(ring.revoke('nobody')).rejects.toMatchObject({ code: 'MILLRACE_KEY_UNKNOWN' });
  });

  it('refuses a tenant that is no name', async () => {
    await expect(ring.issue({ tenant: 'Acme GmbH', scopes: ['read'] })).rejects.toMatchObject({ code: 'MILLRACE_TENANT_NAME' });
  });
});

describe('a door', () => {
  it('opens to a good key only, and says what is wrong with another', async () => {
    const { token } = await ring.issue({ tenant: 'acme', scopes: ['read'] });
    const foreign = (await new KeyRing(new MemoryDocumentStore(clock), 'pepper', { clock, random: systemRandom }).issue({ tenant: 'acme', scopes: ['admin'] })).token;
    const refusals: Array<[string | undefined, string]> = [
      [undefined, 'the request has no Authorization header'],
      ['', 'is not “Bearer'],
      [`Basic ${token}`, 'is not “Bearer'],
      [`Bearer ${token} x`, 'is not “Bearer'],
      ['Bearer eyJhbGciOiJub25lIn0.e30.', 'is not an API key'],
      [`Bearer ${token.slice(0, -1)}`, 'mistyped or cut short'],
      [`Bearer ${foreign}`, 'the API key is not known'],
    ];
    for (const [header, message] of refusals) {
      await expect(door.authenticate(header)).rejects.toMatchObject({ code: 'MILLRACE_UNAUTHENTICATED', message: expect.stringContaining(message) as string });
    }
  });

  it('asks the store once for many requests of one key, good or not', async () => {
    let asked = 0;
    const counting = new KeyAuthenticator({ find: (id, token) => (asked++, ring.find(id, token)) }, clock);
    const { token } = await ring.issue({ tenant: 'acme', scopes: ['read'] });
    for (let i = 0; i < 5; i++) await counting.authenticate(token);
    expect(asked).toBe(1);
    await clock.advance(30_000);
    await counting.authenticate(token);
    expect(asked).toBe(2);
  });
});
