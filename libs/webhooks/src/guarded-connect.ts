import { buildConnector } from 'undici';
import { CallbackFault } from './callback-fault.js';
import { notPublic } from './callback-url.js';
import { createDnsResolve, createLookup, type Resolve, resolveLocally } from './lookup.js';
import { isPublicAddress } from './public-address.js';

export interface GuardedConnectOptions {
  /** Also connects to addresses that are not of the open internet. */
  readonly allowPrivate: boolean;
  /** For name and connection with TLS. */
  readonly timeoutMs: number;
  /** Default: the name servers; with `allowPrivate`, as this machine resolves names. */
  readonly resolve?: Resolve | undefined;
}

/** Connects to the very addresses that were looked up and checked, and to no others; knows no proxies. */
export function guardedConnect({ allowPrivate, timeoutMs, resolve }: GuardedConnectOptions): buildConnector.connector {
  const lookup = createLookup(resolve ?? (allowPrivate ? resolveLocally : createDnsResolve()), allowPrivate);
  const connect = buildConnector({ allowH2: false, timeout: timeoutMs, lookup });
  return allowPrivate ? connect : checked(connect);
}

/** Looks again at the address that the socket really has. */
function checked(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const address = socket.remoteAddress ?? '';
      if (isPublicAddress(address)) return callback(null, socket);
      socket.destroy();
      callback(new CallbackFault('refused', notPublic(address)), null);
    });
  };
}
