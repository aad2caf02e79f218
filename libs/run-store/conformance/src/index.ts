export { exerciseRunStore } from './exercise.js';
export type { RunStoreSetup } from './setup.js';
