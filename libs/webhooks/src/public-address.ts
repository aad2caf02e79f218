import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether the IP address is one of the open internet: not private, loopback, link-local, reserved, or a cover for such a one. */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || !carriesIpv4(parsed.parts);
}

/** IPv4-compatible `::/96`, and ISATAP (RFC 5214), whose interface id is `[02]00:5efe` and an IPv4 address. */
function carriesIpv4(parts: readonly number[]): boolean {
  const compatible = parts.slice(0, 6).every((part) => part === 0);
  const isatap = (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
  return compatible || isatap;
}
