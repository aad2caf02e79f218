import { exerciseRunStore } from '@millrace/run-store-conformance';
import type {} from '@millrace/testkit';
import { inject } from 'vitest';
import { DynamodbRunStore } from './dynamodb-run-store.js';

const client = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
const table = `conformance-${process.pid}`;

exerciseRunStore('dynamodb', {
  create: () => new DynamodbRunStore({ table, client: { ...client, endpoint: inject('dynamodbEndpoint') } }),
  createUnreachable: () => new DynamodbRunStore({ table, client: { ...client, endpoint: 'http://127.0.0.1:1' } }),
});
