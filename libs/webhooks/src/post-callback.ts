import type { Clock } from '@millrace/kernel';
import { Agent, buildConnector, request } from 'undici';
import { CallbackFault, faultOf, type FaultReason } from './callback-fault.js';
import { notPublic, parseCallbackUrl } from './callback-url.js';
import { createDnsResolve, createLookup, type Resolve, resolveLocally } from './lookup.js';
import { isPublicAddress } from './public-address.js';
import { parseRetryAfter } from './retry-after.js';

export interface CallbackClientOptions {
  readonly clock: Clock;
  /** Also admits http, any port, and addresses that are not of the open internet. For local networks and development. */
  readonly allowPrivate: boolean;
  /** For name and connection with TLS. Default: 3 s. */
  readonly connectTimeoutMs?: number;
  /** Until the head of the answer. Default: 15 s. */
  readonly totalTimeoutMs?: number;
  /** Default: the name servers; with `allowPrivate`, as this machine resolves names. */
  readonly resolve?: Resolve;
}

export type CallbackResponse =
  | { readonly kind: 'response'; readonly status: number; readonly retryAfterMs?: number }
  /** There was no answer; the message is a sentence for the owner of the receiver. */
  | { readonly kind: 'error'; readonly reason: FaultReason; readonly message: string };

export interface CallbackClient {
  /**
   * Sends one POST over HTTP/1.1 and resolves with the head of the answer. Follows no redirect, repeats nothing, and
   * reads at most 64 KiB of the answer's body, which is dropped. Never rejects for what the network or the receiver does.
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<CallbackResponse>;
  /** Drops all connections. */
  close(): Promise<void>;
}

const connectionsPerOrigin = 8;
const keepAliveMs = 10_000;
const readBytes = 64 * 1024;

export function createCallbackClient(options: CallbackClientOptions): CallbackClient {
  const agent = createAgent(options);
  return {
    post: async (text, headers, body) => {
      const target = parseCallbackUrl(text, options.allowPrivate);
      if (!target.ok) return { kind: 'error', reason: 'refused', message: target.message };
      try {
        return await send(options, { agent, url: target.url, headers, body });
      } catch (error) {
        const { reason, message } = faultOf(error, target.url.host);
        return { kind: 'error', reason, message };
      }
    },
    close: () => agent.destroy(),
  };
}

interface Post {
  readonly agent: Agent;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

async function send({ clock, totalTimeoutMs = 15_000 }: CallbackClientOptions, { agent, url, headers, body }: Post): Promise<CallbackResponse> {
  const late = new AbortController();
  const cancel = clock.after(totalTimeoutMs, () => {
    late.abort(new CallbackFault('timeout', `${url.host} did not answer within ${totalTimeoutMs / 1000} s`));
  });
  try {
    const answer = await request(url, { dispatcher: agent, method: 'POST', headers, body, signal: late.signal });
    void answer.body.dump({ limit: readBytes, signal: late.signal }).then(cancel, cancel); // the status is the answer
    const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], clock.now());
    return { kind: 'response', status: answer.statusCode, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    cancel();
    throw error;
  }
}

function createAgent({ allowPrivate, connectTimeoutMs = 3000, resolve }: CallbackClientOptions): Agent {
  const connect = buildConnector({
    allowH2: false,
    timeout: connectTimeoutMs,
    lookup: createLookup(resolve ?? (allowPrivate ? resolveLocally : createDnsResolve()), allowPrivate),
  });
  return new Agent({
    connect: allowPrivate ? connect : checked(connect),
    connections: connectionsPerOrigin,
    keepAliveTimeout: keepAliveMs,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
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
