export { type CompareOptions, compareOptions } from './compare-options.js';
export { type Figures, type LoadSummary, type Ratio, type Sample, summaryOf } from './summary.js';
