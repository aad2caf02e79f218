import { createPrivateKey, sign as signWith } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { type CallbackHeaders, verifyCallback } from './verify.js';
import { verifyingKey } from './verifying-key.js';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const second = 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=';
const publicKey = 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const at = 1_614_265_330;
const bodyA = Buffer.from('{"test": 2432232314}');
const signatureA = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

const headersOf = (signature: string, more: Record<string, string> = {}): CallbackHeaders => ({ 'webhook-id': id, 'webhook-timestamp': `${at}`, 'webhook-signature': signature, ...more });
const verify = (headers: CallbackHeaders, body: Uint8Array = bodyA, secrets: readonly string[] = [secret], nowSeconds = at) =>
  verifyCallback({ headers, body }, { keys: secrets.map(verifyingKey), nowSeconds, toleranceSeconds: 300 });

describe('a callback is taken', () => {
  it.each([
    ['the example of the specification', signatureA, bodyA, secret],
    ['other alphabets', 'v1,BKGpv6w2fUBQAsTm70rvrs6f2rlXTSOtOUTO4UNejd4=', Buffer.from('{"name":"žluťoučký 🐎","n":1e21,"s":"\u2028"}'), secret],
    ['bytes that are no text', 'v1,0hMAztfMmSZS4J8fptRZ0pYJpUPyh+LFy67cQnFB4zY=', Buffer.from([0xff, 0xfe, 0x00, 0x7b]), secret],
    ['another secret', 'v1,YO/ulmd+VFtlnbodv7yLOOsS6RlBZ48h++gXZrGOpZo=', bodyA, second],
    ['an ed25519 signature', 'v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==', bodyA, publicKey],
  ])('that is %s', (_, signature, body, key) => {
    expect(verify(headersOf(signature), body, [key])).toEqual({ ok: true, id });
  });

  it('that one of several secrets signed, in one of several signatures', () => {
    expect(verify(headersOf(`v1,AAAA v2,x ${signatureA}`), bodyA, [publicKey, second, secret])).toEqual({ ok: true, id });
  });

  it('with headers of any case, or as web standards have them', () => {
    const upper = Object.fromEntries(Object.entries(headersOf(signatureA)).map(([name, value]) => [name.toUpperCase(), value]));
    expect(verify(upper as CallbackHeaders)).toEqual({ ok: true, id });
    expect(verify(new Headers(headersOf(signatureA) as Record<string, string>))).toEqual({ ok: true, id });
  });

  it('for five minutes either way', () => {
    expect(verify(headersOf(signatureA), bodyA, [secret], at + 300).ok).toBe(true);
    expect(verify(headersOf(signatureA), bodyA, [secret], at - 300).ok).toBe(true);
  });

  it('whatever it is, when the reference library signed it', () => {
    const ids = fc.stringMatching(/^[\x21-\x2d\x2f-\x7e]{1,40}$/);
    fc.assert(
      fc.property(ids, fc.integer({ min: 0, max: 4e9 }), fc.string({ unit: 'grapheme' }), (anyId, time, body) => {
        const signature = new Webhook(secret).sign(anyId, new Date(time * 1000), body);
        const headers = { 'webhook-id': anyId, 'webhook-timestamp': `${time}`, 'webhook-signature': signature };
        expect(verify(headers, Buffer.from(body), [secret], time)).toEqual({ ok: true, id: anyId });
      }),
    );
  });
});

describe('a callback is refused', () => {
  it.each([
    ['without an id', headersOf(signatureA, { 'webhook-id': '' }), 'missing-header'],
    ['without a signature', headersOf(''), 'missing-header'],
    ['with a dot in its id', headersOf(signatureA, { 'webhook-id': 'a.b' }), 'bad-id'],
    ['with a time in words', headersOf(signatureA, { 'webhook-timestamp': 'hello' }), 'bad-timestamp'],
    ['with an empty signature', headersOf('v1,'), 'no-matching-signature'],
    ['with a torn signature', headersOf(signatureA.slice(0, -4)), 'no-matching-signature'],
    ['with another version alone', headersOf(signatureA.replace('v1', 'v2')), 'no-matching-signature'],
    ['with an id that was not signed', headersOf(signatureA, { 'webhook-id': `${id}x` }), 'no-matching-signature'],
    ['with a right signature after too many', headersOf(`${'v1,x '.repeat(16)}${signatureA}`), 'no-matching-signature'],
  ])('%s', (_, headers, reason) => {
    expect(verify(headers)).toEqual({ ok: false, reason });
  });

  it('a second too late, and a second too early', () => {
    expect(verify(headersOf(signatureA), bodyA, [secret], at + 301)).toEqual({ ok: false, reason: 'too-old' });
    expect(verify(headersOf(signatureA), bodyA, [secret], at - 301)).toEqual({ ok: false, reason: 'too-new' });
  });

  it('with any bit of its body turned over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bodyA.length * 8 - 1 }), (bit) => {
        const body = Buffer.from(bodyA);
        body[bit >> 3]! ^= 1 << (bit & 7);
        expect(verify(headersOf(signatureA), body).ok).toBe(false);
      }),
    );
  });

  it('when an ed25519 signature is of another key', () => {
    const other = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 9)]), format: 'der', type: 'pkcs8' });
    const signature = signWith(null, Buffer.concat([Buffer.from(`${id}.${at}.`), bodyA]), other).toString('base64');
    expect(verify(headersOf(`v1a,${signature}`), bodyA, [publicKey])).toEqual({ ok: false, reason: 'no-matching-signature' });
  });
});

it.each(['', 'whsec_', 'whsec_!!!', `whsec_${Buffer.alloc(23).toString('base64')}`, `whsec_${Buffer.alloc(65).toString('base64')}`, `whpk_${Buffer.alloc(31).toString('base64')}`])('the secret %j is none', (text) => {
  expect(() => verifyingKey(text)).toThrowError(expect.objectContaining({ code: 'MILLRACE_RECEIVER_SECRET' }));
});
