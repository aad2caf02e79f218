export type { Activity, ActivityEvent, RunActivity, TaskActivity, WorkerActivity } from './activity.js';
export { EventBus, type EventListener } from './event-bus.js';
export { createLog, type Log, type LogFields, type LogLevel, type ProcessLog, silentLog } from './log.js';
export { Metrics } from './metrics.js';
export { recordTasks } from './record-tasks.js';
