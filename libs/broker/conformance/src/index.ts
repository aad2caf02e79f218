export { exerciseBroker } from './exercise.js';
export type { BrokerSetup, BrokerUnderTest } from './setup.js';
