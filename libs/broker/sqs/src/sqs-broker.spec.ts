import { randomUUID } from 'node:crypto';
import { exerciseBroker } from '@millrace/broker-conformance';
import '@millrace/testkit';
import { inject } from 'vitest';
import { SqsBroker } from './sqs-broker.js';

const prefix = `${randomUUID()}-`;
let queues = 0;

function brokerAt(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const broker = new SqsBroker({ endpoint, region: 'eu-central-1', credentials, prefix, onError: () => {} });
  return Promise.resolve({ broker, close: () => broker.close() });
}

exerciseBroker('sqs', {
  create: () => brokerAt(inject('sqsEndpoint')),
  createUnreachable: () => brokerAt('http://127.0.0.1:9'),
  queueName: () => `queue-${(queues += 1)}`,
  leaseMs: 2000,
});
