import { closeSync, fstatSync, fsync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * Up to this many bytes are read and written in place: handing each call over to a thread costs more than the work, for
 * files that the system has in memory. What waits for the disk, fsync, is always handed over.
 */
export const smallBytes = 64 * 1024;

const synced = promisify(fsync);

/** Makes a new file of these bytes and syncs it. */
export async function writeSmall(path: string, bytes: Uint8Array): Promise<void> {
  const fd = openSync(path, 'wx');
  try {
    for (let at = 0; at < bytes.byteLength; ) at += writeSync(fd, bytes, at);
    await synced(fd);
  } finally {
    closeSync(fd);
  }
}

/** Syncs a folder. */
export async function syncFolder(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await synced(fd);
  } finally {
    closeSync(fd);
  }
}

/** The first `bytes` bytes of a file, if they are few; undefined when they are many or it is no file. */
export function readSmall(path: string, bytes: number): Uint8Array | undefined {
  const fd = openSync(path, 'r');
  try {
    const found = fstatSync(fd);
    const size = Math.min(found.size, bytes);
    if (!found.isFile() || size > smallBytes) return undefined;
    const content = Buffer.allocUnsafeSlow(size);
    for (let at = 0; at < size; ) {
      const read = readSync(fd, content, at, size - at, at);
      if (read === 0) throw new Error(`${path} is shorter than its size`);
      at += read;
    }
    return content;
  } finally {
    closeSync(fd);
  }
}
