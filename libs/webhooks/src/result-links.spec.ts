import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deploymentKeys } from './deployment-keys.js';
import { ResultLinks } from './result-links.js';

const key = (fill: number): string => Buffer.alloc(32, fill).toString('base64');
const linksWith = (...keys: string[]): ResultLinks => new ResultLinks(deploymentKeys(keys, 'result links'));
const url = 'https://api.example.com/v1/ingestions/ing_1/outcome';
const expiresAt = Date.UTC(2026, 0, 16);
const queryOf = (link: string) => Object.fromEntries(new URL(link).searchParams);

describe('a link to results', () => {
  const links = linksWith(key(1));
  const query = queryOf(links.sign(url, 'ing_1', expiresAt));

  test('is good until it expires', () => {
    expect(links.sign(url, 'ing_1', expiresAt)).toMatch(/^https:\/\/api\.example\.com\/v1\/ingestions\/ing_1\/outcome\?expires=\d+&signature=[0-9a-f]{64}$/);
    expect(links.verify('ing_1', query, expiresAt - 1)).toBe(true);
    expect(links.verify('ing_1', query, expiresAt)).toBe(false);
  });

  test('is the same whoever makes it', () => {
    expect(linksWith(key(1)).sign(url, 'ing_1', expiresAt)).toBe(links.sign(url, 'ing_1', expiresAt));
  });

  test('is good for its own run only', () => {
    expect(links.verify('ing_2', query, 0)).toBe(false);
  });

  test('is good as long as its key is among those of the deployment', () => {
    expect(linksWith(key(2), key(1)).verify('ing_1', query, 0)).toBe(true);
    expect(linksWith(key(2)).verify('ing_1', query, 0)).toBe(false);
    expect(linksWith().verify('ing_1', query, 0)).toBe(false);
  });

  test('is not signed with the key of another use', () => {
    expect(new ResultLinks(deploymentKeys([key(1)], 'endpoint settings')).verify('ing_1', query, 0)).toBe(false);
  });

  test('is the plain address without a key', () => {
    expect(linksWith().sign(url, 'ing_1', expiresAt)).toBe(url);
  });

  test.each([
    {}, { expires: query['expires'] }, { signature: query['signature'] }, { ...query, signature: '' }, { ...query, signature: query['signature']?.toUpperCase() },
    { ...query, expires: `${query['expires']}0` }, { ...query, expires: '9e15' }, { ...query, expires: `0${query['expires']}` }, { ...query, expires: [query['expires']] },
    { ...query, signature: `${query['signature']}00` },
  ])('is refused as %j', (bad) => {
    expect(links.verify('ing_1', bad, 0)).toBe(false);
  });

  test('is refused with any other time or signature', () => {
    fc.assert(
      fc.property(fc.nat({ max: 4_000_000_000 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (expires, bytes) => {
        expect(links.verify('ing_1', { ...query, signature: Buffer.from(bytes).toString('hex') }, 0)).toBe(false);
        fc.pre(String(expires) !== query['expires']);
        expect(links.verify('ing_1', { ...query, expires: String(expires) }, 0)).toBe(false);
      }),
    );
  });
});
