import { Webhook } from 'standardwebhooks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sign, signatureHeader } from './signature.js';

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
    expect(sign(key, id, timestamp, bytes)).toBe(`v1,${expected}`);
  });

  test('is the same with and without the prefix of the secret', () => {
    expect(sign(secret.slice('whsec_'.length), id, timestamp, body)).toBe(sign(secret, id, timestamp, body));
  });

  test('is what the reference implementation makes of text', () => {
    const id = fc.stringMatching(/^[\x21-\x2d\x2f-\x7e]{1,64}$/);
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(id, fc.integer({ min: 0, max: 4_102_444_800 }), fc.string({ unit: 'grapheme' }), key, (id, at, payload, key) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        expect(sign(secret, id, at, text(payload))).toBe(new Webhook(secret).sign(id, new Date(at * 1000), payload));
      }),
    );
  });

  test.each([
    ['empty', '', '0 bytes'],
    ['nothing but the prefix', 'whsec_', '0 bytes'],
    ['of 23 bytes', `whsec_${Buffer.alloc(23).toString('base64')}`, '23 bytes'],
    ['of 65 bytes', `whsec_${Buffer.alloc(65).toString('base64')}`, '65 bytes'],
    ['of another kind', `whsk_${Buffer.alloc(32).toString('base64')}`, 'not base64'],
    ['not base64', `whsec_${'*'.repeat(32)}`, 'not base64'],
  ])('is refused when the secret is %s', (_, bad, why) => {
    const error = { code: 'MILLRACE_WEBHOOK_SECRET', message: expect.stringContaining(why) };
    expect(() => sign(bad, id, timestamp, body)).toThrow(expect.objectContaining(error));
  });

  test('takes secrets of 24 and of 64 bytes', () => {
    for (const size of [24, 64]) expect(sign(Buffer.alloc(size).toString('base64'), id, timestamp, body)).toMatch(/^v1,.{44}$/);
  });

  test.each([
    ['', 1], ['a.b', 1], ['a b', 1], ['a\r\nb', 1], ['é', 1], ['a', 1.5], ['a', -1], ['a', Number.NaN],
  ])('is refused for id %j at %d', (id, at) => {
    expect(() => sign(secret, id, at, body)).toThrow(expect.objectContaining({ code: 'MILLRACE_WEBHOOK_HEADER' }));
  });
});

test('the header holds one signature for each secret', () => {
  expect(signatureHeader([secret, second], { id, timestamp, body })).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,YO/ulmd+VFtlnbodv7yLOOsS6RlBZ48h++gXZrGOpZo=',
  );
});
