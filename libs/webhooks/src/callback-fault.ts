import { messageOf } from '@millrace/kernel';

/** Where a callback failed before there was an answer. `refused`: by our own rules about addresses. */
export type FaultReason = 'refused' | 'dns' | 'connect' | 'tls' | 'timeout' | 'reset' | 'protocol';

/** A fault of the network or the receiver; the message is a sentence for the owner of the receiver. */
export class CallbackFault extends Error {
  override readonly name = 'CallbackFault';

  constructor(
    readonly reason: FaultReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type Rule = readonly [codes: RegExp, reason: FaultReason, sentence: (host: string) => string];

const untimely = /^(UND_ERR_SOCKET|UND_ERR_DESTROYED|UND_ERR_CLOSED|ECONNRESET|ECONNABORTED|EPIPE)$/;

/** The first that fits holds. */
const rules: readonly Rule[] = [
  [/^ECONNREFUSED$/, 'connect', (host) => `connection refused by ${host}`],
  [/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL)$/, 'connect', (host) => `there is no way to ${host}`],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/, 'timeout', (host) => `${host} did not accept the connection in time`],
  [/^CERT_HAS_EXPIRED$/, 'tls', (host) => `the certificate of ${host} has expired`],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'tls', (host) => `the certificate of ${host} is for another name`],
  [/SELF_SIGNED|^UNABLE_TO_/, 'tls', (host) => `the certificate of ${host} is not from a known authority`],
  [/^(ERR_SSL_|ERR_TLS_|EPROTO$)|CERT/, 'tls', (host) => `${host} does not speak TLS as it should`],
  [untimely, 'reset', (host) => `${host} closed the connection before it answered`],
  // undici asserts some things that receivers can break, such as a 101 that nobody asked for
  [/^(HPE_|ERR_ASSERTION$|UND_ERR_(?!INVALID_|NOT_SUPPORTED))/, 'protocol', (host) => `the answer of ${host} is not HTTP`],
];

/** What went wrong at `host`; throws what is not a fault of the network, since that is ours. */
export function faultOf(error: unknown, host: string): CallbackFault {
  if (error instanceof CallbackFault) return error;
  const code = codeOf(error);
  for (const [codes, reason, sentence] of rules) if (codes.test(code)) return new CallbackFault(reason, sentence(host), { cause: error });
  if (/^E[A-Z]+$/.test(code)) return new CallbackFault('connect', `the connection to ${host} failed: ${messageOf(error)}`, { cause: error });
  throw error;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'HTTPParserError') return 'HPE_';
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
