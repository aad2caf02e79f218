import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { publicKeyOf, sign, signatureHeader, signingKey } from './signature.js';
import { type SignedRequest, verify } from './test/verify.js';

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
    const both = signatureHeader([signingKey(secret), signingKey(other)], { id: headers['webhook-id'], timestamp: now, body });
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
    const moved = sign(secret, { id: 'msg', timestamp: now, body: new TextEncoder().encode(`${now}.body`) });
    const headers = { 'webhook-id': `msg.${now}`, 'webhook-timestamp': String(now), 'webhook-signature': moved };
    expect(verify({ ...request, headers, body: new TextEncoder().encode('body') })).toEqual({ ok: false, reason: 'bad-id' });
  });

  test('when its secret has been withdrawn, or there is none', () => {
    expect(verify({ ...request, secrets: [other] })).toEqual({ ok: false, reason: 'no-matching-signature' });
    expect(verify({ ...request, secrets: [] })).toEqual({ ok: false, reason: 'no-matching-signature' });
  });

  test('with an error when a secret of our own is bad', () => {
    expect(() => verify({ ...request, secrets: [''] })).toThrow(expect.objectContaining({ code: 'MILLRACE_RECEIVER_SECRET' }));
  });
});

describe('a signature of a key pair', () => {
  const publicKey = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
  const signed = 'v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==';
  const withKeys = (secrets: string[], signature: string) => verify({ ...request, secrets, headers: { ...headers, 'webhook-signature': signature } });

  test('is accepted with the public key, alone and among others', () => {
    expect(withKeys([publicKey], signed)).toEqual({ ok: true });
    expect(withKeys([other, publicKey], `${wrong} ${signature} ${signed}`)).toEqual({ ok: true });
    expect(withKeys([secret], `${signed} ${signature}`)).toEqual({ ok: true });
  });

  test.each([
    ['truncated', signed.slice(0, -4)],
    ['said to be of the other kind', `v1,${signed.slice(4)}`],
    ['empty', 'v1a,'],
    ['of a shared secret', signature],
    ['written otherwise', signed.replace('==', '')],
  ])('is refused when it is %s', (_, value) => {
    expect(withKeys([publicKey], value)).toEqual({ ok: false, reason: 'no-matching-signature' });
  });

  test('is refused with another public key, and an error when that is none', () => {
    const another = publicKeyOf(`whsk_${Buffer.alloc(32, 9).toString('base64')}`);
    expect(withKeys([another], signed)).toEqual({ ok: false, reason: 'no-matching-signature' });
    expect(() => withKeys([`whpk_${Buffer.alloc(31).toString('base64')}`], signed)).toThrow(expect.objectContaining({ code: 'MILLRACE_RECEIVER_SECRET' }));
  });
});

describe('for every id, time, body and secret', () => {
  const signed = fc.record({
    id: fc.stringMatching(/^[\x21-\x2d\x2f-\x7e]{1,40}$/),
    timestamp: fc.integer({ min: 0, max: 4_102_444_800 }),
    body: fc.uint8Array({ minLength: 1, maxLength: 200 }),
    keys: fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: 24, maxLength: 64 }).map((key) => ({ signs: `whsec_${Buffer.from(key).toString('base64')}` })),
        fc.uint8Array({ minLength: 32, maxLength: 32 }).map((key) => ({ signs: `whsk_${Buffer.from(key).toString('base64')}` })),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  });
  const verifies = ({ signs }: { signs: string }): string => (signs.startsWith('whsk_') ? publicKeyOf(signs) : signs);
  const requestOf = ({ id, timestamp, body, keys }: typeof signed extends fc.Arbitrary<infer T> ? T : never): SignedRequest => {
    const secrets = keys.map(verifies);
    const signature = signatureHeader(keys.slice(0, 1).map(({ signs }) => signingKey(signs)), { id, timestamp, body });
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

  test('each key of a rotation is enough, and one that did not sign is not', () => {
    fc.assert(
      fc.property(signed, (one) => {
        const keys = one.keys.filter(({ signs }, i) => one.keys.findIndex((other) => other.signs === signs) === i);
        const request = requestOf({ ...one, keys });
        const [withdrawn, ...rest] = keys;
        const signature = signatureHeader(rest.map(({ signs }) => signingKey(signs)), one);
        const rotated = { ...request, headers: { ...request.headers, 'webhook-signature': signature || 'v1,' } };
        for (const key of rest) expect(verify({ ...rotated, secrets: [verifies(key)] })).toEqual({ ok: true });
        expect(verify({ ...rotated, secrets: [verifies(withdrawn!)] })).toMatchObject({ ok: false });
      }),
    );
  });
});
