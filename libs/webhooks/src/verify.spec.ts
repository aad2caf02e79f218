import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { sign, signatureHeader } from './signature.js';
import { type SignedRequest, verify } from './verify.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const now = 1614265330;
const body = new TextEncoder().encode('{"test": 2432232314}');
const signature = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const headers = { 'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek', 'webhook-timestamp': String(now), 'webhook-signature': signature };
const request: SignedRequest = { secrets: [secret], headers, body, nowSeconds: now };
const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;

const verifyWith = (changed: Record<string, string | string[] | undefined>) => verify({ ...request, headers: { ...headers, ...changed } });

describe('a request is accepted', () => {
  test('when it is signed', () => {
    expect(verify(request)).toEqual({ ok: true });
  });

  test('when the names of its headers are in capitals', () => {
    const capital = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(verify({ ...request, headers: capital })).toEqual({ ok: true });
  });

  test('when the signature is among others', () => {
    expect(verifyWith({ 'webhook-signature': `${wrong} v2,${signature.slice(3)} v1a,xyz ${signature}` })).toEqual({ ok: true });
  });

  test('when its secret is one of several, on either side', () => {
    expect(verify({ ...request, secrets: [other, secret] })).toEqual({ ok: true });
    const both = signatureHeader([secret, other], { id: headers['webhook-id'], timestamp: now, body });
    for (const known of [secret, other]) {
      expect(verify({ ...request, secrets: [known], headers: { ...headers, 'webhook-signature': both } })).toEqual({ ok: true });
    }
  });

  test.each([now - 300, now, now + 300])('at %d', (nowSeconds) => {
    expect(verify({ ...request, nowSeconds })).toEqual({ ok: true });
  });

  test('when the reference implementation signed it', () => {
    const payload = '{"ž":1}';
    const made = new Webhook(other).sign('msg_1', new Date(now * 1000), payload);
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(now), 'webhook-signature': made };
    expect(verify({ ...request, secrets: [other], headers, body: Buffer.from(payload) })).toEqual({ ok: true });
  });
});

describe('a request is refused', () => {
  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s', (name) => {
    expect(verifyWith({ [name]: undefined })).toEqual({ ok: false, reason: 'missing-header' });
    expect(verifyWith({ [name]: '' })).toEqual({ ok: false, reason: 'missing-header' });
    expect(verifyWith({ [name]: ['1', '2'] })).toEqual({ ok: false, reason: 'missing-header' });
  });

  test.each([
    'hello', '1614265330.0', '-1', '+1614265330', '01614265330', ' 1614265330', '1e9', '99999999999999999999',
  ])('with the timestamp %j', (value) => {
    expect(verifyWith({ 'webhook-timestamp': value })).toEqual({ ok: false, reason: 'bad-timestamp' });
  });

  test('when it is old or from the future', () => {
    expect(verify({ ...request, nowSeconds: now + 301 })).toEqual({ ok: false, reason: 'too-old' });
    expect(verify({ ...request, nowSeconds: now - 301 })).toEqual({ ok: false, reason: 'too-new' });
    expect(verify({ ...request, nowSeconds: now + 11, toleranceSeconds: 10 })).toEqual({ ok: false, reason: 'too-old' });
  });

  test.each([
    ['empty', 'v1,'],
    ['truncated', signature.slice(0, -4)],
    ['of another version', `v2,${signature.slice(3)}`],
    ['without a version', signature.slice(3)],
    ['of somebody else', wrong],
    ['with more after it', `${signature}=`],
  ])('with a signature that is %s', (_, value) => {
    expect(verifyWith({ 'webhook-signature': value })).toEqual({ ok: false, reason: 'no-matching-signature' });
  });

  test('when the id takes a part of the timestamp or the body to itself', () => {
    const moved = sign(secret, 'msg', now, new TextEncoder().encode(`${now}.body`));
    const headers = { 'webhook-id': `msg.${now}`, 'webhook-timestamp': String(now), 'webhook-signature': moved };
    expect(verify({ ...request, headers, body: new TextEncoder().encode('body') })).toEqual({ ok: false, reason: 'bad-id' });
  });

  test('when its secret has been withdrawn, or there is none', () => {
    expect(verify({ ...request, secrets: [other] })).toEqual({ ok: false, reason: 'no-matching-signature' });
    expect(verify({ ...request, secrets: [] })).toEqual({ ok: false, reason: 'no-matching-signature' });
  });

  test('with an error when a secret of our own is bad', () => {
    expect(() => verify({ ...request, secrets: [''] })).toThrow(expect.objectContaining({ code: 'MILLRACE_WEBHOOK_SECRET' }));
  });
});

describe('for every id, time, body and secret', () => {
  const signed = fc.record({
    id: fc.stringMatching(/^[\x21-\x2d\x2f-\x7e]{1,40}$/),
    timestamp: fc.integer({ min: 0, max: 4_102_444_800 }),
    body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    keys: fc.array(fc.uint8Array({ minLength: 24, maxLength: 64 }), { minLength: 1, maxLength: 3 }),
  });
  const requestOf = ({ id, timestamp, body, keys }: typeof signed extends fc.Arbitrary<infer T> ? T : never): SignedRequest => {
    const secrets = keys.map((key) => Buffer.from(key).toString('base64'));
    const signature = signatureHeader(secrets.slice(0, 1), { id, timestamp, body });
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
    return { secrets, headers, body, nowSeconds: timestamp, toleranceSeconds: Number.MAX_SAFE_INTEGER };
  };
  const flipped = (bytes: Uint8Array, bit: number): Buffer => {
    const copy = Buffer.from(bytes);
    const at = bit % (copy.length * 8);
    copy[at >> 3]! ^= 1 << (at & 7);
    return copy;
  };

  test('what is signed is accepted', () => {
    fc.assert(
      fc.property(signed, (one) => {
        expect(verify(requestOf(one))).toEqual({ ok: true });
      }),
    );
  });

  test('a flipped bit of the body is not', () => {
    fc.assert(
      fc.property(signed, fc.nat(), (one, bit) => {
        const request = requestOf(one);
        expect(verify({ ...request, body: flipped(request.body, bit) }).ok).toBe(false);
      }),
    );
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('a flipped bit of %s is not', (name) => {
    fc.assert(
      fc.property(signed, fc.nat(), (one, bit) => {
        const request = requestOf(one);
        const value = flipped(Buffer.from(String(request.headers[name]), 'latin1'), bit).toString('latin1');
        expect(verify({ ...request, headers: { ...request.headers, [name]: value } }).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
