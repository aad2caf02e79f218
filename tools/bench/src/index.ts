export { poissonArrivals, uniformArrivals } from './arrivals.js';
export { bench, type Subject } from './bench.js';
export { type BenchOptions, benchOptions, type Load } from './bench-options.js';
export { Ingester, type Outcome } from './ingester.js';
export { closedLoop, openLoop } from './load.js';
export { type Percentiles, percentiles } from './percentiles.js';
export { cpuMsOf, procFile } from './proc.js';
export { type RedisInfo, redisInfoIn } from './redis-info.js';
export { isClean, type Measured, type ProcessUsage, type Report, reportOf } from './report.js';
