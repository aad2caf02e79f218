export { createLog, type Log, type LogFields, type LogLevel, silentLog } from './log.js';
export { Metrics } from './metrics.js';
