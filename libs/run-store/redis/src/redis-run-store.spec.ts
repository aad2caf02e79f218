import { exerciseRunStore } from '@millrace/run-store-conformance';
import type {} from '@millrace/testkit';
import { inject } from 'vitest';
import { RedisRunStore } from './redis-run-store.js';

const prefix = `conformance-${process.pid}-`;

exerciseRunStore('redis', {
  create: () => new RedisRunStore({ url: inject('redisUrl'), prefix }),
  createUnreachable: () => new RedisRunStore({ url: 'redis://127.0.0.1:1', prefix }),
});
