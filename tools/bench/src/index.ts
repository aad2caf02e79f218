export { bench, type Subject } from './bench.js';
export { type BenchOptions, benchOptions, type Load } from './bench-options.js';
export { isClean, type Measured, type ProcessUsage, type Report, reportOf } from './report.js';
