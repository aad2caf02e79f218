export { SqsBroker, type SqsBrokerOptions, type SqsBrokerSettings } from './sqs-broker.js';
export type { CallOptions, SqsClient, SqsConnection } from './sqs-client.js';
