import { Readable } from 'node:stream';
import { blobErrors, type BlobStore } from '@millrace/blob-store';
import type { Life } from '../world/life.js';
import type { Network } from '../world/network.js';

const keysPerPage = 5;

/** The blob store as one process reaches it: every method is a request, a listing one for each page. */
export function blobStoreOver(network: Network, life: Life, server: BlobStore): BlobStore {
  const call = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    network.call({ life, what: `blobs ${what}`, effect, lost: () => blobErrors.error('MILLRACE_BLOB_UNAVAILABLE', 'the simulated blob store did not answer') });
  return {
    putIfAbsent: async (key, source, options) => {
      const bytes = source instanceof Readable ? Buffer.concat(await source.toArray()) : source;
      return call(`putIfAbsent ${key}`, () => server.putIfAbsent(key, bytes, options));
    },
    put: (key, bytes) => call(`put ${key}`, () => server.put(key, bytes)),
    get: (key, options) => call(`get ${key}`, () => server.get(key, options)),
    stat: (key) => call(`stat ${key}`, () => server.stat(key)),
    remove: (key) => call(`remove ${key}`, () => server.remove(key)),
    list: (prefix) => pages(server.list(prefix), (page) => call(`list ${prefix}`, page)),
    prepare: () => call('prepare', () => server.prepare()),
    ping: () => call('ping', () => server.ping()),
    close: async () => undefined,
  };
}

async function* pages(keys: AsyncIterable<string>, request: (page: () => Promise<readonly string[]>) => Promise<readonly string[]>): AsyncGenerator<string> {
  const iterator = keys[Symbol.asyncIterator]();
  const next = async (): Promise<readonly string[]> => {
    const page: string[] = [];
    while (page.length < keysPerPage) {
      const { done, value } = await iterator.next();
      if (done) break;
      page.push(value);
    }
    return page;
  };
  for (let page = await request(next); page.length > 0; page = await request(next)) yield* page;
}
