import { unlinkSync } from 'node:fs';
import { access, constants, link, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { blobErrors } from '@millrace/blob-store';
import type { Random } from '@millrace/kernel';
import { hasCode, unavailable } from './file-errors.js';
import { FileWriter } from './file-writer.js';

const dayMs = 86_400_000;

/** A file with all its bytes on disk, still without the name that it is for. */
export interface TempFile {
  readonly path: string;
  readonly bytes: number;
}

/** Files on their way into the store, in a folder of the same file system whose name no key can have. */
export class TempFiles {
  readonly #folder: string;
  /** Begins the names of this store's files, which it numbers. */
  readonly #own: string;
  #begun = 0;

  constructor(
    private readonly root: string,
    random: Random,
  ) {
    this.#folder = join(root, '.tmp~');
    this.#own = Buffer.from(random.bytes(12)).toString('hex');
  }

  /** Copies the source and syncs it; after a failure nothing is left. Errors of the source come through as they are. */
  async write(source: Uint8Array | Readable, maxBytes: number): Promise<TempFile> {
    const path = `${this.#folder}/${this.#own}-${++this.#begun}`;
    const writer = new FileWriter(path);
    try {
      await this.#copy(source, writer, maxBytes);
      await this.#try(() => writer.finish());
      return { path, bytes: writer.bytes };
    } catch (error) {
      await this.remove(path);
      throw error;
    } finally {
      await writer.close();
    }
  }

  async remove(path: string): Promise<void> {
    await this.#try(async () => {
      try {
        unlinkSync(path);
      } catch (error) {
        if (!hasCode(error, 'ENOENT')) throw error;
      }
    });
  }

  /** Makes the folder, checks that it takes files and links, and removes what crashes left there more than a day ago. */
  async prepare(): Promise<void> {
    await this.#try(() => mkdir(this.#folder, { recursive: true }));
    const { path } = await this.write(new Uint8Array(1), 1);
    await this.#try(() => link(path, `${path}.link`));
    await this.remove(`${path}.link`);
    const { mtimeMs: now } = await this.#try(() => stat(path)); // as the file system's clock has it
    await this.remove(path);
    await this.#try(() => this.#removeOlderThan(now - dayMs));
  }

  /** Rejects unless the folder is there and can be written: then a missing file is missing, and not the whole disk. */
  async ping(): Promise<void> {
    await this.#try(() => access(this.#folder, constants.W_OK));
  }

  async #copy(source: Uint8Array | Readable, writer: FileWriter, maxBytes: number): Promise<void> {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      if (writer.bytes + chunk.length > maxBytes) {
        throw blobErrors.error('MILLRACE_BLOB_TOO_LARGE', `the data is longer than ${maxBytes} bytes`, { detail: { maxBytes } });
      }
      await this.#try(() => writer.append(chunk));
    }
  }

  async #removeOlderThan(time: number): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const left = await stat(path).catch((error: unknown) => {
        if (!hasCode(error, 'ENOENT')) throw error;
      });
      if (left && left.mtimeMs < time) await rm(path, { force: true });
    }
  }

  async #try<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw unavailable(this.root, error);
    }
  }
}
