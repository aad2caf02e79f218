export { DynamodbDocumentStore, type DynamodbDocumentStoreOptions } from './dynamodb-document-store.js';
