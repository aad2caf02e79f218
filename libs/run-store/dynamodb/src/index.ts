export { DynamodbRunStore, type DynamodbRunStoreOptions } from './dynamodb-run-store.js';
