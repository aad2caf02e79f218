export { BatchingRedis } from './batching-redis.js';
export { connect } from './connect.js';
