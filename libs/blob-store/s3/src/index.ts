export { S3BlobStore, type S3BlobStoreOptions } from './s3-blob-store.js';
export { S3ObjectSource } from './s3-object-source.js';
