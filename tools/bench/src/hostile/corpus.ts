import { gzipSync } from 'node:zlib';

/** A request that means harm, as bytes on a socket. */
export interface Hostile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const post = (headers: string, body: Uint8Array | string): Uint8Array =>
  Buffer.concat([Buffer.from(`POST /v1/ingestions HTTP/1.1\r\nhost: x\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n`), Buffer.from(body)]);

const json = 'content-type: application/json\r\n';

/** Bombs, and requests that servers might read in two ways. */
export const corpus: readonly Hostile[] = [
  { name: 'deep JSON', bytes: post(json, '['.repeat(200_000)) },
  { name: 'a million values', bytes: post(json, `[${'1,'.repeat(500_000)}1]`) },
  { name: 'JSON that never ends', bytes: post(json, `["${'x'.repeat(1_000_000)}"]`).subarray(0, -3) },
  { name: 'prototypes', bytes: post(json, '[{"__proto__":{"a":1}}]') },
  { name: 'gzip of 60 MB of zeros', bytes: post('content-type: text/csv\r\ncontent-encoding: gzip\r\n', gzipSync(Buffer.alloc(60_000_000))) },
  { name: 'torn form', bytes: post('content-type: multipart/form-data; boundary=x\r\n', '--x\r\ncontent-disposition: form-data; name="a"; filename="a.csv"\r\n\r\nab') },
  { name: 'a hundred parts', bytes: post('content-type: multipart/form-data; boundary=x\r\n', `${'--x\r\nx: y\r\n\r\nz\r\n'.repeat(100)}--x--`) },
  { name: 'length and chunks', bytes: Buffer.from('POST /v1/ingestions HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n') },
  { name: 'two hosts', bytes: Buffer.from('GET /v1/ingestions HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n') },
  { name: 'no HTTP', bytes: Buffer.from('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03') },
  { name: 'a head that never ends', bytes: Buffer.from('GET /v1/ingestions HTTP/1.1\r\nhost: x\r\nx-slow: ') },
];
