import { describe } from 'vitest';
import { exerciseKeys } from './key.js';
import { exerciseListing } from './list.js';
import { exercisePut } from './put.js';
import { exercisePutIfAbsent } from './put-if-absent.js';
import { exerciseReading } from './read.js';
import type { BlobStoreSetup } from './setup.js';
import { exerciseSources } from './source.js';

/** Registers the tests that every blob store adapter passes, under a `describe` that names it. */
export function exerciseBlobStore(name: string, setup: BlobStoreSetup): void {
  describe(`blob store ${name}`, () => {
    exercisePutIfAbsent(setup);
    exerciseSources(setup);
    exercisePut(setup);
    exerciseReading(setup);
    exerciseListing(setup);
    exerciseKeys(setup);
  });
}
