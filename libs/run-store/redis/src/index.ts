export { RedisRunStore, type RedisRunStoreOptions } from './redis-run-store.js';
