import { createHash } from 'node:crypto';
import type { ArtifactRef } from '@millrace/contracts';
import type { Models } from '@millrace/models';
import type { Artifacts, TaskContext } from '@millrace/tasks';

/** Artifacts in a map; for specs. */
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

/** A context for one handler call, without a broker or stores; for specs. */
export function memoryContext(artifacts: Artifacts, raw: ArtifactRef, models: Models, signal: AbortSignal = new AbortController().signal): TaskContext {
  const quiet = { info: () => {}, warn: () => {} };
  const facts = { run: 'run_1', step: 's1', task: 'feedback.spec', tenant: 'spec', attempt: 1 };
  return { ...facts, raw, artifacts, log: quiet, signal, timeLeftMs: () => 10_000, model: (definition) => models.get(definition) };
}
