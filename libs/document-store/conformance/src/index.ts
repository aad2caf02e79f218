export { exerciseDocumentStore } from './exercise.js';
export type { DocumentStoreSetup } from './setup.js';
