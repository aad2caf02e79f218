export { type Batching, measureBatching } from './batching.js';
export { ingestions, type Loading, measureLoading } from './loading.js';
