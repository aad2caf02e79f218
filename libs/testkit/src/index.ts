export { MemoryBlobStore } from './memory/memory-blob-store.js';
export { MemoryDocumentStore } from './memory/memory-document-store.js';
export { MemoryRunStore } from './memory/memory-run-store.js';
export type { RedisOptions, RedisServer } from './servers/redis-server.js';
export { type DnsAnswer, type DnsScript, ScriptedDns } from './servers/scripted-dns.js';
export { startRedis } from './servers/start-redis.js';
export type { TestServers } from './vitest/provided-context.js';
