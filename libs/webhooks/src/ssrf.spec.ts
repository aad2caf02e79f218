import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { systemClock } from '@millrace/kernel';
import { type DnsAnswer, ScriptedDns } from '@millrace/testkit';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseCallbackUrl } from './callback-url.js';
import { createDnsResolve } from './lookup.js';
import { type CallbackClient, createCallbackClient } from './post-callback.js';
import { hostileUrls } from './test/hostile-urls.js';

const body = new TextEncoder().encode('{}');
const request = { headers: {}, body };

/** What the name server says; all else does not exist. */
const names: Readonly<Record<string, DnsAnswer | undefined>> = {
  'a.private.test': { a: ['10.9.0.1'] },
  'a.loopback.test': { a: ['127.0.0.1'] },
  'six.loopback.test': { aaaa: ['::1'] },
  'covered.test': { aaaa: ['::ffff:7f00:1'] },
  'mixed.test': { a: ['93.184.216.34', '127.0.0.1'] },
  'mixed-the-other-way.test': { a: ['127.0.0.1', '93.184.216.34'] },
  'both.test': { a: ['93.184.216.34'], aaaa: ['::1'] },
  'alias.test': { cname: 'db.internal', a: ['127.0.0.1'] },
  'many.test': { a: [...Array.from({ length: 511 }, (_, i) => `93.184.${i >> 8}.${i & 255}`), '127.0.0.1'] },
  'nothing.test': {},
};

/** Where nothing must ever connect to. */
const canaries: Server[] = [];
let hits = 0;
let dns: ScriptedDns;
let client: CallbackClient;

async function canary(host: string, port: number): Promise<number> {
  const server = createServer((socket) => {
    hits++;
    socket.destroy();
  });
  server.listen(port, host);
  await once(server, 'listening');
  canaries.push(server);
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  for (const [host, port] of [['127.0.0.1', 443], ['127.0.0.1', 8443], ['::1', 443], ['::1', 8443]] as const) {
    await canary(host, port).catch((err: NodeJS.ErrnoException) => {
      if (!['EACCES', 'EADDRINUSE', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(err.code ?? '')) throw err;
    });
  }
  dns = await ScriptedDns.start((name) => (name === 'silent.test' ? undefined : (names[name] ?? { rcode: 3 })));
  client = createCallbackClient({ clock: systemClock, allowPrivate: false, connectTimeoutMs: 5_000, resolve: createDnsResolve([dns.address]) });
});
afterAll(async () => {
  await client.close();
  dns.close();
  for (const server of canaries) server.close();
});
afterEach(() => {
  if (hits > 0) throw new Error(`${hits} connections reached what must not be reached`);
});

const hex = (value: number): string => `0x${value.toString(16)}`;
const octal = (value: number): string => `0${value.toString(8)}`;
const byte = fc.integer({ min: 0, max: 255 });

/** Every block of IPv4 that is not of the open internet, as a 32-bit number. */
const blocked4 = fc
  .oneof(
    fc.tuple(fc.constantFrom(0, 10, 127, 240, 255), byte, byte, byte),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
    fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
    fc.tuple(fc.constant(198), fc.constantFrom(18, 19), byte, byte),
    fc.tuple(fc.integer({ min: 224, max: 239 }), byte, byte, byte),
  )
  .map(([a, b, c, d]) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0);

const dotted = (n: number): string => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
const groups = (n: number): string => `${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}`;

const spellings4: ReadonlyArray<(n: number) => string> = [
  dotted,
  String,
  hex,
  octal,
  (n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].map((part) => hex(part)).join('.'),
  (n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].map((part) => octal(part)).join('.'),
  (n) => `${n >>> 24}.${n & 0xff_ffff}`,
  (n) => `${hex(n >>> 24)}.${(n >>> 16) & 255}.${n & 0xffff}`,
  (n) => `${dotted(n)}.`,
  (n) => dotted(n).replaceAll('.', '。'),
  (n) => dotted(n).replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  (n) => dotted(n).replaceAll(/\d/g, (digit) => `%3${digit}`),
  (n) => `[::ffff:${dotted(n)}]`,
  (n) => `[::${groups(n)}]`,
  (n) => `[64:ff9b::${groups(n)}]`,
  (n) => `[2002:${groups(n)}::1]`,
  (n) => `[2a00:1450::5efe:${groups(n)}]`,
  (n) => `[2a00:1450::200:5efe:${groups(n)}]`,
];

const spelled4 = fc.tuple(blocked4, fc.constantFrom(...spellings4)).map(([n, spell]) => spell(n));
const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const blocked6 = fc.tuple(fc.constantFrom('fc00', 'fd12', 'fe80', 'febf', 'fec0', 'ff02', '2001:db8', '3fff', '5f00', '100::', '2001:0'), group, group).map(([prefix, a, b]) =>
  prefix.endsWith('::') ? `[${prefix}${a}:${b}]` : `[${prefix}::${a}:${b}]`,
);
const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const innerName = fc.oneof(
  fc.tuple(label, fc.constantFrom('localhost', 'local', 'internal', 'svc', 'svc.cluster.local', 'home.arpa', 'onion', 'in-addr.arpa')).map((parts) => parts.join('.')),
  fc.constantFrom('localhost', 'LocalHost', 'kubernetes', 'metadata'),
);
const servedName = fc.constantFrom(...Object.keys(names));
const port = fc.constantFrom('', ':443', ':8443', ':22', ':80', ':6379');
const userinfo = fc.constantFrom('', '', '', 'user@', 'user:pass@', 'example.com:443@');
const path = fc.constantFrom('/', '', '/latest/meta-data/', '/?url=https://example.com', '/#', '/..%2f');
const host = fc.oneof({ weight: 10, arbitrary: spelled4 }, { weight: 4, arbitrary: blocked6 }, { weight: 3, arbitrary: innerName }, { weight: 1, arbitrary: servedName });
const hostileUrl = fc.tuple(fc.constantFrom('https', 'https', 'HTTPS', 'http'), userinfo, host, port, path).map(([scheme, user, name, at, rest]) => `${scheme}://${user}${name}${at}${rest}`);

describe('a callback to where it must not go', () => {
  test.each(hostileUrls)('is refused at the beginning and when it is sent: %s', async (url) => {
    expect(parseCallbackUrl(url, { allowPrivate: false })).toMatchObject({ ok: false });
    expect(await client.post(url, request)).toMatchObject({ kind: 'error', reason: 'refused' });
    expect(await client.post(url, { ...request, allowHttp: true })).toMatchObject(
      url === 'http://example.com/' ? { kind: 'error', reason: 'dns' } : { kind: 'error', reason: 'refused' },
    );
  });

  test('is refused as any of 10,000 others', { timeout: 120_000 }, async () => {
    const refused = { refused: 0, dns: 0 };
    await fc.assert(
      fc.asyncProperty(hostileUrl, fc.boolean(), async (url, allowHttp) => {
        const response = await client.post(url, { ...request, allowHttp });
        expect(response).toMatchObject({ kind: 'error', reason: expect.stringMatching(/^(refused|dns)$/) });
        refused[(response as { reason: 'refused' | 'dns' }).reason]++;
      }),
      { numRuns: 10_000 },
    );
    expect(refused.refused).toBeGreaterThan(9_000);
  });

  test.each(Object.keys(names).filter((name) => name !== 'nothing.test' && name !== 'many.test'))('is refused when the name server says so of %s', async (name) => {
    expect(await client.post(`https://${name}:8443/`, request)).toMatchObject({ kind: 'error', reason: 'refused', message: expect.stringMatching(/is not on the public internet$/) });
  });

  test.each([
    ['many.test', /^(refused|dns)$/],
    ['nothing.test', /^dns$/],
    ['nowhere.test', /^dns$/],
    ['silent.test', /^(dns|timeout)$/],
  ])('comes to nothing of which the name server says too much, nothing, or is silent: %s', async (name, reason) => {
    expect(await client.post(`https://${name}:8443/`, request)).toMatchObject({ kind: 'error', reason: expect.stringMatching(reason) });
  });

  test('is not sent by way of a proxy of the environment', async () => {
    const proxy = await canary('127.0.0.1', 0);
    const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    const before = variables.map((name) => process.env[name]);
    for (const name of variables) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy}`;
    try {
      const fresh = createCallbackClient({ clock: systemClock, allowPrivate: false, resolve: createDnsResolve([dns.address]) });
      expect(await fresh.post('https://a.private.test/', request)).toMatchObject({ kind: 'error', reason: 'refused' });
      expect(await fresh.post('https://nowhere.test/', request)).toMatchObject({ kind: 'error', reason: 'dns' });
      await fresh.close();
    } finally {
      for (const [i, name] of variables.entries()) {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      }
    }
  });
});
