import { linkSync, lstatSync, renameSync } from 'node:fs';
import { open, opendir, stat, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { blobErrors, type BlobInfo, type BlobStore, checkKey } from '@millrace/blob-store';
import { MillraceError, type Random } from '@millrace/kernel';
import { hasCode, isAbsent, isObstructed, unavailable } from './file-errors.js';
import { Folders } from './folders.js';
import { readSmall } from './small-files.js';
import { type TempFile, TempFiles } from './temp-files.js';

export interface FilesystemBlobStoreOptions {
  /** The folder for the objects, on a file system with hard links. Several processes may share it. */
  readonly root: string;
  /** Names the temporary files. */
  readonly random: Random;
}

/**
 * Objects as files below a folder, at the path that is their key. What a resolved put has stored survives a power cut:
 * the file and the folder are synced. A key cannot stand below another, and its segments have at most 255 characters
 * (MILLRACE_BLOB_KEY).
 */
export class FilesystemBlobStore implements BlobStore {
  readonly #root: string;
  readonly #temps: TempFiles;
  readonly #folders: Folders;

  constructor({ root, random }: FilesystemBlobStoreOptions) {
    this.#root = resolve(root);
    this.#temps = new TempFiles(this.#root, random);
    this.#folders = new Folders(this.#root);
  }

  async putIfAbsent(key: string, source: Uint8Array | Readable, { maxBytes = Infinity } = {}): Promise<{ created: boolean } & BlobInfo> {
    const path = this.#pathOf(key);
    const temp = await this.#temps.write(source, maxBytes);
    const created = await this.#place(key, temp, async () => linked(temp.path, path));
    return { created, bytes: temp.bytes };
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(key);
    const temp = await this.#temps.write(bytes, Infinity);
    await this.#place(key, temp, async () => renameSync(temp.path, path));
  }

  async get(key: string, { bytes = Infinity } = {}): Promise<Uint8Array> {
    const path = this.#pathOf(key);
    const found = await this.#unlessAbsent(() => readFirst(path, bytes));
    if (found) return found;
    throw blobErrors.error('MILLRACE_BLOB_NOT_FOUND', `there is no object ${key}`, { detail: { key } });
  }

  async stat(key: string): Promise<BlobInfo | undefined> {
    const path = this.#pathOf(key);
    const found = await this.#unlessAbsent(() => stat(path));
    return found?.isFile() ? { bytes: found.size } : undefined;
  }

  async *list(prefix: string): AsyncGenerator<string> {
    if (prefix !== '') checkKey(prefix.replace(/\/$/, ''));
    await this.#temps.ping();
    try {
      yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix);
    } catch (error) {
      throw unavailable(this.#root, error);
    }
  }

  async remove(key: string): Promise<void> {
    const path = this.#pathOf(key);
    await this.#unlessAbsent(async () => {
      await unlink(path);
      await this.#folders.prune(dirname(path));
    });
  }

  /** Makes the folder, and removes temporary files that a crash left more than a day ago. */
  async prepare(): Promise<void> {
    await this.#temps.prepare();
  }

  async ping(): Promise<void> {
    await this.#temps.ping();
  }

  async close(): Promise<void> {}

  #pathOf(key: string): string {
    checkKey(key);
    return `${this.#root}/${key}`;
  }

  async #place<T>(key: string, temp: TempFile, place: () => Promise<T>): Promise<T> {
    try {
      return await this.#folders.enter(dirname(this.#pathOf(key)), place);
    } catch (error) {
      if (!isObstructed(error)) throw unavailable(this.#root, error);
      const message = `the key ${key} cannot be stored: a segment is too long, or an object is in its way`;
      throw blobErrors.error('MILLRACE_BLOB_KEY', message, { cause: error });
    } finally {
      await this.#temps.remove(temp.path);
    }
  }

  /** Undefined when there is no such file, as long as the store itself is there. */
  async #unlessAbsent<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      if (!isAbsent(error)) throw MillraceError.is(error) ? error : unavailable(this.#root, error);
      await this.#temps.ping();
      return undefined;
    }
  }

  async *#walk(folder: string, prefix: string): AsyncGenerator<string> {
    for await (const entry of entriesOf(`${this.#root}/${folder}`)) {
      const key = folder + entry.name;
      if (!key.startsWith(prefix) || !segment.test(entry.name)) continue;
      if (entry.isDirectory()) yield* this.#walk(`${key}/`, prefix);
      else if (entry.isFile()) yield key;
    }
  }
}

/** Other names, such as lost+found, are not ours. */
const segment = /^[\w.-]+$/;

async function* entriesOf(folder: string) {
  try {
    yield* await opendir(folder, { bufferSize: 256 });
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** False when the name is taken by a file. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST') && lstatSync(to).isFile()) return false;
    throw error;
  }
}

async function readFirst(path: string, bytes: number): Promise<Uint8Array | undefined> {
  const small = readSmall(path, bytes);
  if (small) return small;
  const file = await open(path, 'r');
  try {
    const found = await file.stat();
    if (!found.isFile()) return undefined;
    const content = Buffer.allocUnsafeSlow(Math.min(found.size, bytes));
    for (let at = 0; at < content.length; ) {
      const { bytesRead } = await file.read(content, at, content.length - at, at);
      if (bytesRead === 0) throw new Error(`${path} is shorter than its size`);
      at += bytesRead;
    }
    return content;
  } finally {
    await file.close();
  }
}
