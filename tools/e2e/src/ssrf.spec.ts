import { spawnSync } from 'node:child_process';
import { BlockList, isIPv4 } from 'node:net';
import { join } from 'node:path';
import { repositoryRoot } from '@millrace/local-stack';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** IANA's registries of special-purpose addresses, RFC 6890 and after, with multicast, and what carries IPv4 within IPv6. */
const special4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24',
  '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
const special6 = [
  '::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/32', '2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8',
];
const special = new BlockList();
for (const block of [...special4, ...special6]) {
  const [address = '', bits] = block.split('/');
  special.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6');
}
const isSpecial = (address: string): boolean => special.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

const byte = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.oneof(
  fc.tuple(byte, byte, byte, byte),
  fc.constantFrom(...special4).chain((block) => {
    const [a = 0, b = 0, c = 0] = block.split('.').map((part) => Number.parseInt(part, 10));
    return fc.tuple(fc.constant(a), fc.oneof(fc.constant(b), byte), fc.oneof(fc.constant(c), byte), byte);
  }),
);
const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
const ipv6 = fc.oneof(
  fc.array(group, { minLength: 8, maxLength: 8 }).map((each) => each.join(':')),
  fc.tuple(fc.constantFrom('2000', '2606:4700', 'fc00', 'fe80', 'fec0', 'ff02', '2001:db8', '2002', '100', '64:ff9b', '3fff', '5f00', ''), group, group).map(([head, a, b]) => `${head}::${a}:${b}`),
);
const url = fc.oneof(
  ipv4.map((parts) => `https://${parts.join('.')}/`),
  ipv4.map(([a, b, c, d]) => `http://${((a << 24) | (b << 16) | (c << 8) | d) >>> 0}/`),
  ipv4.map((parts) => `https://[::ffff:${parts.join('.')}]:8443/`),
  ipv6.map((address) => `https://[${address}]/`),
);

const inNamespace = (...command: string[]) => spawnSync('unshare', ['--map-root-user', '--net', ...command], { encoding: 'utf8', timeout: 60_000, maxBuffer: 16 * 1024 * 1024 });
const mayHaveNamespace = inNamespace('ip', 'link', 'set', 'lo', 'up').status === 0;

describe('callbacks in a network where every address answers', () => {
  test.skipIf(!mayHaveNamespace)('connect to addresses of the open internet and to no others', () => {
    const urls = fc.sample(url, { numRuns: 1_500, seed: 4 });
    const probe = inNamespace(process.execPath, join(repositoryRoot, 'tools/e2e/dist/ssrf-probe.js'), JSON.stringify(urls));
    expect(probe.stderr).toBe('');
    const { control, flipped, reached } = JSON.parse(probe.stdout) as { control: boolean; flipped: string[]; reached: string[] };
    expect(control).toBe(true);
    expect(flipped).toEqual(['93.184.216.34']);
    expect(reached.filter(isSpecial)).toEqual([]);
    expect(reached.length).toBeGreaterThan(300);
  });
});
