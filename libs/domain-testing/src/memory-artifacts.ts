import { createHash } from 'node:crypto';
import type { ArtifactRef } from '@millrace/contracts';
import type { Artifacts } from '@millrace/tasks';

/** Artifacts in a map; the same name again replaces. */
export class MemoryArtifacts implements Artifacts {
  readonly #bytes = new Map<string, Uint8Array>();

  async write(name: string, bytes: Uint8Array, contentType: string): Promise<ArtifactRef> {
    this.#bytes.set(name, bytes);
    return { key: name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'), contentType };
  }

  async read({ key }: ArtifactRef): Promise<Uint8Array> {
    const bytes = this.#bytes.get(key);
    if (bytes) return bytes;
    throw new RangeError(`nothing was written as ${key}`);
  }

  async head(ref: ArtifactRef, bytes: number): Promise<Uint8Array> {
    return (await this.read(ref)).subarray(0, bytes);
  }
}
