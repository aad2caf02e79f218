export { Admission, type AdmissionRequest, type Refusal } from './admission.js';
export { CountingRunStore, type RunCounter } from './counting-run-store.js';
export { admissionErrors } from './errors.js';
export type { LoadSnapshot } from './load.js';
export { LoadLedger } from './load-ledger.js';
