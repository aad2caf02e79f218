import { type FileHandle, open } from 'node:fs/promises';
import { smallBytes, writeSmall } from './small-files.js';

/** Writes a new file; its bytes stay in memory until they are too many for a small one. */
export class FileWriter {
  readonly #path: string;
  #held: Uint8Array[] = [];
  #bytes = 0;
  #file: FileHandle | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.byteLength;
    this.#held.push(chunk);
    if (this.#file || this.#bytes > smallBytes) await this.#writeHeld();
  }

  /** Resolves when every byte is on disk. */
  async finish(): Promise<void> {
    if (this.#file) await this.#file.sync();
    else await writeSmall(this.#path, Buffer.concat(this.#held));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #writeHeld(): Promise<void> {
    this.#file ??= await open(this.#path, 'wx');
    for (const chunk of this.#held) await this.#file.appendFile(chunk);
    this.#held = [];
  }
}
