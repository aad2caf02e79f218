import { exerciseBroker } from '@millrace/broker-conformance';
import '@millrace/testkit';
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { BullmqBroker } from './bullmq-broker.js';

const prefix = `conformance-${randomUUID()}`;
let queues = 0;

function create(url: string) {
  const broker = new BullmqBroker({ url, prefix });
  return Promise.resolve({ broker, close: () => broker.close() });
}

exerciseBroker('on BullMQ', {
  create: () => create(inject('redisUrl')),
  createUnreachable: () => create('redis://127.0.0.1:1'),
  queueName: () => `q${++queues}`,
  leaseMs: 1000,
});
