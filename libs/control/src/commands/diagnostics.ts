import { Session } from 'node:inspector/promises';
import { getHeapSnapshot } from 'node:v8';
import type { BlobStore } from '@millrace/blob-store';
import { type Clock, sleep } from '@millrace/kernel';
import type { Stored } from './command.js';

/** Records what the process does for some seconds, and stores it as a `.cpuprofile`. */
export async function cpuProfile(blobs: BlobStore, key: string, { clock, seconds }: { readonly clock: Clock; readonly seconds: number }): Promise<Stored> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await sleep(clock, seconds * 1_000);
    const { profile } = await session.post('Profiler.stop');
    const bytes = Buffer.from(JSON.stringify(profile));
    await blobs.put(key, bytes);
    return { key, bytes: bytes.byteLength };
  } finally {
    session.disconnect();
  }
}

/** Stores what lies in the process's heap as a `.heapsnapshot`. The process does nothing else while V8 looks at it. */
export async function heapSnapshot(blobs: BlobStore, key: string): Promise<Stored> {
  const { bytes } = await blobs.putIfAbsent(key, getHeapSnapshot());
  return { key, bytes };
}
