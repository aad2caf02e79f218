export { RedisDocumentStore, type RedisDocumentStoreOptions } from './redis-document-store.js';
