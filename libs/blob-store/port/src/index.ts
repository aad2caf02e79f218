export type { BlobInfo, BlobStore } from './blob-store.js';
export { blobErrors } from './errors.js';
export { checkKey } from './key.js';
export type { ObjectSource, OpenedObject, SourceObject } from './object-source.js';
