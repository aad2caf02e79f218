import type { LookupAddress } from 'node:dns';
import { lookup, Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { CallbackFault } from './callback-fault.js';
import { notPublic } from './callback-url.js';
import { isPublicAddress } from './public-address.js';

/** All addresses of a host name; rejects when there is none. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As this machine resolves names, its hosts file and search domains included. */
export const resolveLocally: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * Asks the name servers for just this name, without the threads that `dns.lookup` shares with the file system. `servers`,
 * such as `127.0.0.1:5353`, instead of those of this machine.
 */
export function createDnsResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  if (servers) resolver.setServers(servers);
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
  };
}

/**
 * The lookup of a socket, which connects to just the addresses checked here. One address that is not public refuses
 * the name: its owner may order the answers.
 */
export function createLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  const lookUp = callbackify(async (hostname: string): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname).catch((cause: unknown) => {
      throw unresolved(hostname, cause);
    });
    const refused = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address));
    if (refused) throw new CallbackFault('refused', `${hostname} resolves to ${refused.address}, and ${notPublic(refused.address)}`);
    return [...addresses];
  });
  return (hostname, { all }, callback) => {
    lookUp(hostname, (error, addresses) => {
      if (error || all) return callback(error, addresses ?? []);
      const [first] = addresses;
      callback(null, first?.address ?? '', first?.family);
    });
  };
}

function unresolved(hostname: string, cause: unknown): CallbackFault {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const absent = code === 'ENOTFOUND' || code === 'ENODATA';
  const message = absent ? `the host name ${hostname} does not resolve` : `the name servers do not answer for ${hostname}`;
  return new CallbackFault('dns', message, { cause });
}
