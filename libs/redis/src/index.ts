export { BatchingRedis } from './batching-redis.js';
