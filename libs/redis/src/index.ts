export { BatchingRedis } from './batching-redis.js';
export { connect, connection, disconnect } from './connect.js';
