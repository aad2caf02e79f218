import { Readable } from 'node:stream';
import type { BlobStore } from '@millrace/blob-store';
import { afterAll, beforeAll } from 'vitest';
import type { BlobStoreSetup } from './setup.js';

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** `size` bytes in which every offset looks different. */
export const pattern = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >>> 8)) & 0xff);

/** The bytes as a stream of chunks of `chunk` bytes. */
export function streamOf(bytes: Uint8Array, chunk = 64 * 1024): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += chunk) yield Buffer.from(bytes.subarray(at, at + chunk));
    })(),
  );
}

/** A plain copy, so that a Buffer and a Uint8Array of the same bytes are equal. */
export const plain = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes);

export async function listed(store: BlobStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) keys.push(key);
  return keys.sort();
}

/** The stores of one group of tests, and keys that no other group uses. */
export class Stage {
  static #groups = 0;
  readonly #stores: BlobStore[] = [];
  readonly #folder = `conformance/${Stage.#groups++}`;
  #names = 0;

  constructor(setup: BlobStoreSetup) {
    beforeAll(async () => {
      this.#stores.push(await setup.create(), await setup.create());
    });
    afterAll(() => Promise.all(this.#stores.map((store) => store.close())));
  }

  get store(): BlobStore {
    return this.#stores[0]!;
  }

  /** Another store on the same objects. */
  get other(): BlobStore {
    return this.#stores[1]!;
  }

  /** A prefix, ending in `/`, that was not used before. */
  prefix(): string {
    return `${this.#folder}/${this.#names++}/`;
  }

  /** A key that was not used before. */
  key(): string {
    return `${this.prefix()}object`;
  }
}
