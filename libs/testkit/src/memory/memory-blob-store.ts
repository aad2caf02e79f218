import { Readable } from 'node:stream';
import { blobErrors, type BlobInfo, type BlobStore, checkKey } from '@millrace/blob-store';

/** Objects in a map. For tests of what lies above the port. */
export class MemoryBlobStore implements BlobStore {
  readonly #objects = new Map<string, Uint8Array>();

  async putIfAbsent(key: string, source: Uint8Array | Readable, options: { readonly maxBytes?: number } = {}): Promise<{ created: boolean } & BlobInfo> {
    checkKey(key);
    const bytes = await collect(source, options.maxBytes ?? Infinity);
    const there = this.#objects.get(key);
    if (there) return { created: false, bytes: there.byteLength };
    this.#objects.set(key, bytes);
    return { created: true, bytes: bytes.byteLength };
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    checkKey(key);
    this.#objects.set(key, Uint8Array.from(bytes));
  }

  async get(key: string, options: { readonly bytes?: number } = {}): Promise<Uint8Array> {
    checkKey(key);
    const bytes = this.#objects.get(key);
    if (!bytes) throw blobErrors.error('MILLRACE_BLOB_NOT_FOUND', `there is no object ${key}`);
    return bytes.slice(0, options.bytes);
  }

  async stat(key: string): Promise<BlobInfo | undefined> {
    checkKey(key);
    const bytes = this.#objects.get(key);
    return bytes && { bytes: bytes.byteLength };
  }

  async *list(prefix: string): AsyncIterable<string> {
    for (const key of this.#objects.keys()) if (key.startsWith(prefix)) yield key;
  }

  async remove(key: string): Promise<void> {
    checkKey(key);
    this.#objects.delete(key);
  }

  async prepare(): Promise<void> {}
  async ping(): Promise<void> {}
  async close(): Promise<void> {}
}

async function collect(source: Uint8Array | Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of source instanceof Readable ? source : [source]) {
    total += (chunk as Uint8Array).byteLength;
    if (total > maxBytes) throw blobErrors.error('MILLRACE_BLOB_TOO_LARGE', `the object is larger than ${maxBytes} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
