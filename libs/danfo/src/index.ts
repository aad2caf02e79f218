export { fromDanfo, toDanfo } from './data-frame.js';
export { type Danfo, loadDanfo } from './load-danfo.js';
export type { DataFrame, Series } from 'danfojs-node';
