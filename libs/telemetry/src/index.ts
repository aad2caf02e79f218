export { createLog, type Log, type LogFields, type LogLevel, type ProcessLog, silentLog } from './log.js';
export { Metrics } from './metrics.js';
