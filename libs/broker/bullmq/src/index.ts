export { BullmqBroker } from './bullmq-broker.js';
export type { BullmqBrokerOptions } from './options.js';
