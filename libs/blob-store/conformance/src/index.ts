export { exerciseBlobStore } from './exercise.js';
export type { BlobStoreSetup } from './setup.js';
