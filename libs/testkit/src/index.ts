export { MemoryBlobStore } from './memory/memory-blob-store.js';
export { MemoryRunStore } from './memory/memory-run-store.js';
export type { RedisOptions, RedisServer } from './servers/redis-server.js';
export { startRedis } from './servers/start-redis.js';
export type { TestServers } from './vitest/provided-context.js';
