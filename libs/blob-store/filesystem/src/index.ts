export { FilesystemBlobStore, type FilesystemBlobStoreOptions } from './filesystem-blob-store.js';
