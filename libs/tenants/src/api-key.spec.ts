import { seededRandom, systemRandom } from '@millrace/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKeyId, looksLikeApiKey, newApiKey } from './api-key.js';

describe('an API key', () => {
  it('names itself', () => {
    const { id, token } = newApiKey(systemRandom);
    expect(token).toMatch(/^mr_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
    expect(apiKeyId(token)).toBe(id);
    expect(looksLikeApiKey(token)).toBe(true);
  });

  it('carries 256 bits that are its own', () => {
    const secrets = Array.from({ length: 200 }, () => newApiKey(systemRandom).token.slice(16, 59));
    expect(new Set(secrets).size).toBe(200);
    expect(newApiKey({ ...systemRandom, bytes: (size) => new Uint8Array(size).fill(255) }).token.slice(16, 59)).toMatch(/[^0]{40}/);
  });

  it('is refused with any one character changed, lost or added', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(63), fc.constantFrom('a', 'Z', '0', '_', ''), (seed, at, other) => {
        const { token } = newApiKey(seededRandom(seed));
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        fc.pre(changed !== token);
        expect(apiKeyId(changed)).toBeUndefined();
        expect(apiKeyId(`${token}0`)).toBeUndefined();
      }),
    );
  });
});
