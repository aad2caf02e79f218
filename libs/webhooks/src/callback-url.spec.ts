import { describe, expect, test } from 'vitest';
import { parseCallbackUrl } from './callback-url.js';

describe('a callback on the public internet', () => {
  test.each([
    'https://example.com/hook?a=b', 'https://example.com./', 'https://example.com:443/', 'https://example.com:8443/',
    'https://1.1.1.1/', 'https://[2606:4700:4700::1111]/',
  ])('may go to %s', (text) => {
    expect(parseCallbackUrl(text, { allowPrivate: false })).toEqual({ ok: true, url: new URL(text) });
  });

  test.each([
    ['http://example.com/', 'a callback URL starts with https://'],
    ['ftp://example.com/', 'a callback URL starts with https://'],
    ['file:///etc/passwd', 'a callback URL starts with https://'],
    ['example.com/hook', 'a callback needs an absolute URL'],
    ['https://', 'a callback needs an absolute URL'],
    ['https://256.1.1.1/', 'a callback needs an absolute URL'],
    ['https://[fe80::1%25eth0]/', 'a callback needs an absolute URL'],
    ['https://user:password@example.com/', 'a callback URL holds no user name or password'],
    ['https://user@example.com/', 'a callback URL holds no user name or password'],
    ['https://example.com/#part', 'a callback URL has no fragment (#…)'],
    [`https://example.com/${'a'.repeat(2048)}`, 'a callback URL has at most 2048 characters'],
    ['https://example.com:22/', 'a callback goes to port 443 or 8443, not 22'],
    ['https://example.com:80/', 'a callback goes to port 443 or 8443, not 80'],
  ])('may not go to %s', (text, message) => {
    expect(parseCallbackUrl(text, { allowPrivate: false })).toEqual({ ok: false, message });
  });

  test.each([
    'https://localhost/', 'https://LOCALHOST/', 'https://localhost./', 'https://a.localhost/', 'https://intranet/', 'https://printer.local/',
    'https://db.internal/', 'https://metadata.google.internal/', 'https://api.default.svc/', 'https://api.default.svc.cluster.local/',
    'https://nas.home.arpa/', 'https://x.onion/', 'https://1.0.0.127.in-addr.arpa/',
    'https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0177.0.0.1/', 'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://%31%32%37.0.0.1/', 'https://127。0。0。1/', 'https://0/', 'https://0.0.0.0/', 'https://10.1.2.3/', 'https://169.254.169.254/latest/meta-data/',
    'https://192.168.0.1/', 'https://100.64.0.1/', 'https://[::1]/', 'https://[::]/', 'https://[::ffff:127.0.0.1]/', 'https://[::127.0.0.1]/',
    'https://[fd00:ec2::254]/', 'https://[fe80::1]/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/', 'https://[2606:4700::5efe:7f00:1]/',
  ])('may not go to %s', (text) => {
    expect(parseCallbackUrl(text, { allowPrivate: false })).toEqual({ ok: false, message: expect.stringMatching(/ is not on the public internet$/) });
  });
});

describe('a callback over http', () => {
  const rules = { allowPrivate: false, allowHttp: true };

  test.each(['http://example.com/hook', 'http://example.com:80/', 'http://example.com:8443/', 'https://example.com/'])('may go to %s if the endpoint says so', (text) => {
    expect(parseCallbackUrl(text, rules)).toEqual({ ok: true, url: new URL(text) });
  });

  test.each([
    ['http://example.com:8080/', 'a callback goes to port 80, 443 or 8443, not 8080'],
    ['https://example.com:80/', 'a callback goes to port 443 or 8443, not 80'],
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254 is not on the public internet'],
    ['http://localhost/', 'localhost is not on the public internet'],
    ['ftp://example.com/', 'a callback URL starts with https://'],
  ])('may not go to %s all the same', (text, message) => {
    expect(parseCallbackUrl(text, rules)).toEqual({ ok: false, message });
  });
});

describe('a callback on a private network', () => {
  test.each([
    'http://localhost:3000/hook', 'http://127.0.0.1:9/', 'https://intranet/', 'http://[::1]:8080/', 'http://receiver.default.svc/',
  ])('may go to %s', (text) => {
    expect(parseCallbackUrl(text, { allowPrivate: true })).toEqual({ ok: true, url: new URL(text) });
  });

  test.each([
    'ftp://localhost/', 'file:///etc/passwd', 'nonsense', 'http://user:password@localhost/', 'http://localhost/#part',
  ])('may not go to %s', (text) => {
    expect(parseCallbackUrl(text, { allowPrivate: true })).toMatchObject({ ok: false });
  });
});
