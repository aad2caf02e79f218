export type {
  Broker,
  BrokerCapabilities,
  BrokerQueue,
  ConsumeOptions,
  Consumer,
  Delivery,
  DeliveryHandler,
  Disposition,
  OutgoingMessage,
  PublishFailure,
  QueueDepth,
} from './broker.js';
export { brokerErrors } from './errors.js';
export type { Lease } from './lease.js';
export { maxPriority, unfitPriority } from './priority.js';
export type { BrokerUpkeep, DeadLetter, DeadLetterPage, DeadLetters } from './upkeep.js';
