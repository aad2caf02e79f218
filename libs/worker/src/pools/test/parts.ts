import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactStore } from '@millrace/engine';
import { MemoryBlobStore } from '@millrace/testkit';
import type { ChildParts } from '../serve-tries.js';
import { poolTasks } from './pool-tasks.js';

/** Tasks, a store in `folder` and one model that doubles what it is given. */
export const testParts = (folder: string): ChildParts => ({
  tasks: poolTasks,
  artifacts: new ArtifactStore(new FolderBlobStore(folder)),
  models: { get: (definition) => ({ definition, run: async (matrix) => matrix.map((value) => 2 * value) }) },
});

/** Objects as files, so that processes can share them. */
class FolderBlobStore extends MemoryBlobStore {
  constructor(private readonly folder: string) {
    super();
  }

  override async put(key: string, bytes: Uint8Array): Promise<void> {
    await writeFile(this.#path(key), bytes);
  }

  override async get(key: string, { bytes }: { readonly bytes?: number } = {}): Promise<Uint8Array> {
    return (await readFile(this.#path(key))).subarray(0, bytes);
  }

  #path(key: string): string {
    return join(this.folder, encodeURIComponent(key));
  }
}
