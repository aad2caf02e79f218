export type { Change, Document, DocumentName, DocumentStore, ListOptions, PutOptions, RateLimit, Taken } from './document-store.js';
export { documentStoreErrors } from './errors.js';
export { checkLimit, checkName, checkPart } from './names.js';
export { type Cells, cellsOf, takenOf } from './rate-limit.js';
export { checkValue } from './value.js';
