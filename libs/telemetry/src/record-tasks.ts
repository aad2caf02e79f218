import type { ActivityEvent } from './activity.js';
import type { EventBus } from './event-bus.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

interface Sinks {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Writes the log lines and the metrics of tasks, from the events that tell of them. The returned function ends it. */
export function recordTasks(events: EventBus, sinks: Sinks): () => void {
  return events.listen((event) => record(event, sinks), ['task.succeeded', 'task.failed', 'task.superseded', 'task.late', 'task.revoked']);
}

function record(event: ActivityEvent, { log, metrics }: Sinks): void {
  switch (event.type) {
    case 'task.succeeded':
    case 'task.superseded':
    case 'task.failed': {
      const { run, step, task, attempt, handlerMs } = event;
      const status = event.type === 'task.succeeded' ? event.settled : event.type === 'task.failed' ? 'failed' : 'superseded';
      metrics.tasks.inc({ task, status });
      metrics.taskRun.observe({ task }, handlerMs / 1000);
      const fields = { run, step, task, attempt, durationMs: handlerMs, status };
      return event.type === 'task.failed' ? log.warn({ ...fields, code: event.code, reason: event.reason }, 'task failed') : log.info(fields, 'task done');
    }
    case 'task.late':
    case 'task.revoked': {
      const { run, step, task } = event;
      const status = event.type === 'task.late' ? 'late' : 'revoked';
      metrics.tasks.inc({ task, status });
      return log.warn({ run, step, task, status }, `task is ${status}`);
    }
    default:
  }
}
