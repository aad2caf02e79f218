import { seededRandom } from '@millrace/kernel';
import { Webhook } from 'standardwebhooks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publicKeyOf, sign, signatureHeader, signingKey } from './signature.js';
import { newSigningSecret } from './signing-secret.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const second = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const timestamp = 1614265330;
const body = text('{"test": 2432232314}');

describe('a signature', () => {
  test.each([
    ['of the example in the standard', secret, body, 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
    ['of text beyond ASCII', secret, text('{"name":"žluťoučký 🐎","n":1e21,"s":"\u2028"}'), 'BKGpv6w2fUBQAsTm70rvrs6f2rlXTSOtOUTO4UNejd4='],
    ['of bytes that are not text', secret, Uint8Array.of(0xff, 0xfe, 0x00, 0x7b), '0hMAztfMmSZS4J8fptRZ0pYJpUPyh+LFy67cQnFB4zY='],
    ['with a key of 32 bytes', second, body, 'YO/ulmd+VFtlnbodv7yLOOsS6RlBZ48h++gXZrGOpZo='],
  ])('%s', (_, key, bytes, expected) => {
    expect(sign(key, { id, timestamp, body: bytes })).toBe(`v1,${expected}`);
  });

  test('is the same with and without the prefix of the secret', () => {
    expect(sign(secret.slice('whsec_'.length), { id, timestamp, body })).toBe(sign(secret, { id, timestamp, body }));
  });

  test('is what the reference implementation makes of text', () => {
    const id = fc.stringMatching(/^[\x21-\x2d\x2f-\x7e]{1,64}$/);
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(id, fc.integer({ min: 0, max: 4_102_444_800 }), fc.string({ unit: 'grapheme' }), key, (id, at, payload, key) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        expect(sign(secret, { id, timestamp: at, body: text(payload) })).toBe(new Webhook(secret).sign(id, new Date(at * 1000), payload));
      }),
    );
  });

  test.each([
    ['empty', '', '0 bytes'],
    ['nothing but the prefix', 'whsec_', '0 bytes'],
    ['of 23 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`, '23 bytes'],
    ['of 65 bytes', `whsec_${Buffer.alloc(65).toString('base64')}`, '65 bytes'],
    ['a public key', `whpk_${Buffer.alloc(32).toString('base64')}`, 'not base64'],
    ['not base64', `whsec_${'*'.repeat(32)}`, 'not base64'],
  ])('is refused when the secret is %s', (_, bad, why) => {
    const error = { code: 'MILLRACE_WEBHOOK_SECRET', message: expect.stringContaining(why) };
    expect(() => sign(bad, { id, timestamp, body })).toThrow(expect.objectContaining(error));
  });

  test('takes secrets of 24 and of 64 bytes', () => {
    for (const size of [24, 64]) expect(sign(Buffer.alloc(size).toString('base64'), { id, timestamp, body })).toMatch(/^v1,.{44}$/);
  });

  test.each([
    ['', 1], ['a.b', 1], ['a b', 1], ['a\r\nb', 1], ['é', 1], ['a', 1.5], ['a', -1], ['a', Number.NaN],
  ])('is refused for id %j at %d', (id, at) => {
    expect(() => sign(secret, { id, timestamp: at, body })).toThrow(expect.objectContaining({ code: 'MILLRACE_WEBHOOK_HEADER' }));
  });
});

test('the header holds one signature for each secret', () => {
  expect(signatureHeader([signingKey(secret), signingKey(second)], { id, timestamp, body })).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,YO/ulmd+VFtlnbodv7yLOOsS6RlBZ48h++gXZrGOpZo=',
  );
});

describe('a signature of a key pair', () => {
  // the first test of RFC 8032, 7.1
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
  const publicKey = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
  const asymmetric = `whsk_${seed.toString('base64')}`;

  test('is that of RFC 8032', () => {
    expect(sign(asymmetric, { id, timestamp, body })).toBe('v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==');
    expect(publicKeyOf(asymmetric)).toBe(publicKey);
  });

  test('takes a secret that ends with its public key', () => {
    const both = `whsk_${Buffer.concat([seed, Buffer.from(publicKey.slice(5), 'base64')]).toString('base64')}`;
    expect(sign(both, { id, timestamp, body })).toBe(sign(asymmetric, { id, timestamp, body }));
  });

  test.each([
    ['of 31 bytes', Buffer.alloc(31), '31 bytes'],
    ['of 33 bytes', Buffer.alloc(33), '33 bytes'],
    ['with the public key of another', Buffer.concat([seed, Buffer.alloc(32, 1)]), 'do not belong together'],
  ])('is refused when the secret is %s', (_, bytes, why) => {
    const error = { code: 'MILLRACE_WEBHOOK_SECRET', message: expect.stringContaining(why) };
    expect(() => signingKey(`whsk_${bytes.toString('base64')}`)).toThrow(expect.objectContaining(error));
  });

  test('stands beside the others in the header', () => {
    const header = signatureHeader([signingKey(secret), signingKey(asymmetric)], { id, timestamp, body });
    expect(header.split(' ').map((each) => each.split(',')[0])).toEqual(['v1', 'v1a']);
  });
});

test('new secrets are of their kind and differ', () => {
  const random = seededRandom(3);
  const shared = newSigningSecret('shared', random);
  expect(shared).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(newSigningSecret('shared', random)).not.toBe(shared);
  expect(publicKeyOf(newSigningSecret('key-pair', random))).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
});
