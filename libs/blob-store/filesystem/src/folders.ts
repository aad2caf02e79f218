import { mkdir, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from './file-errors.js';
import { GroupedSync } from './grouped-sync.js';
import { syncFolder } from './small-files.js';

const mostKnown = 10_000;

/** The folders below a root: made where missing, and on disk before anybody relies on them. */
export class Folders {
  readonly #syncs = new GroupedSync(fsync);
  /** Folders that are on disk, as far as this process knows. */
  readonly #known = new Set<string>();

  constructor(private readonly root: string) {}

  /**
   * Runs `place`, which puts an entry into the folder, and resolves when that entry and the folder itself are on disk.
   * Runs it again when the folder was removed in between.
   */
  async enter<T>(folder: string, place: () => Promise<T>): Promise<T> {
    for (let again = 10; ; again--) {
      try {
        const fresh = this.#upTo(folder).filter((each) => !this.#known.has(each));
        if (fresh.length > 0) await mkdir(folder, { recursive: true });
        const placed = await place();
        await Promise.all([folder, ...fresh.map(dirname)].map((each) => this.#syncs.sync(each)));
        this.#remember(fresh);
        return placed;
      } catch (error) {
        if (!hasCode(error, 'ENOENT') || again === 0) throw error;
        for (const each of this.#upTo(folder)) this.#known.delete(each);
      }
    }
  }

  /** Removes the folder and those above it as far as they are empty. */
  async prune(folder: string): Promise<void> {
    for (const each of this.#upTo(folder)) {
      try {
        await rmdir(each);
      } catch (error) {
        if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR', 'EBUSY')) return;
        throw error;
      }
      this.#known.delete(each);
    }
  }

  /** The folder and those above it, without the root. */
  #upTo(folder: string): string[] {
    const folders: string[] = [];
    for (let each = folder; each !== this.root; each = dirname(each)) folders.push(each);
    return folders;
  }

  #remember(folders: readonly string[]): void {
    if (this.#known.size > mostKnown) this.#known.clear();
    for (const each of folders) this.#known.add(each);
  }
}

/** A folder that is gone took with it what was to be synced. */
async function fsync(folder: string): Promise<void> {
  try {
    await syncFolder(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}
