export type { BlobInfo, BlobStore } from './blob-store.js';
export { blobErrors } from './errors.js';
export { checkKey } from './key.js';
