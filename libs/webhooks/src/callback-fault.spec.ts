import { expect, test } from 'vitest';
import { CallbackFault, faultOf } from './callback-fault.js';

const coded = (code: string): Error => Object.assign(new Error('detail'), { code });

test.each([
  ['ECONNREFUSED', 'connect', 'connection refused by h:9'],
  ['EHOSTUNREACH', 'connect', 'there is no way to h:9'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout', 'h:9 did not accept the connection in time'],
  ['CERT_HAS_EXPIRED', 'tls', 'the certificate of h:9 has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'the certificate of h:9 is for another name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'the certificate of h:9 is not from a known authority'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'the certificate of h:9 is not from a known authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'the certificate of h:9 is not from a known authority'],
  ['CERT_NOT_YET_VALID', 'tls', 'h:9 does not speak TLS as it should'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'h:9 does not speak TLS as it should'],
  ['ECONNRESET', 'reset', 'h:9 closed the connection before it answered'],
  ['UND_ERR_SOCKET', 'reset', 'h:9 closed the connection before it answered'],
  ['HPE_INVALID_CONSTANT', 'protocol', 'the answer of h:9 is not HTTP'],
  ['ENOBUFS', 'connect', 'the connection to h:9 failed: detail'],
])('%s is told as %s', (code, reason, message) => {
  expect(faultOf(coded(code), 'h:9')).toMatchObject({ reason, message });
});

test('what is not a fault of the network is thrown', () => {
  const ours = [new TypeError('x is not a function'), coded('UND_ERR_INVALID_ARG'), coded('ERR_INVALID_ARG_TYPE'), 'text'];
  for (const error of ours) expect(() => faultOf(error, 'h')).toThrow(error instanceof Error ? error : 'text');
});

test('a fault that is told already stays as it is', () => {
  const fault = new CallbackFault('dns', 'the host name h does not resolve');
  expect(faultOf(fault, 'h')).toBe(fault);
});
