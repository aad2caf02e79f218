import { beforeEach, describe, expect, it } from 'vitest';
import type { Activity, ActivityEvent } from './activity.js';
import { EventBus } from './event-bus.js';
import type { Log } from './log.js';
import { Metrics } from './metrics.js';
import { recordTasks } from './record-tasks.js';

const tried = { run: 'run_1', step: '0.1', task: 'orders.segments', attempt: 2 };
let lines: unknown[];
let metrics: Metrics;
let events: EventBus;

beforeEach(() => {
  lines = [];
  const write = (level: string) => (fields: object, message: string) => void lines.push([level, message, fields]);
  const log = { info: write('info'), warn: write('warn') } as unknown as Log;
  metrics = new Metrics('test');
  events = new EventBus('p', { now: () => 7 });
  recordTasks(events, { log, metrics });
});

const counted = async () => (await metrics.tasks.get()).values.map(({ labels, value }) => [labels.status, value]);

describe('the log and the metrics of tasks', () => {
  it('are written from the events that tell of them', async () => {
    events.publish({ type: 'task.succeeded', ...tried, handlerMs: 12.5, settled: 'replaced' });
    events.publish({ type: 'task.failed', ...tried, handlerMs: 3, code: 'MILLRACE_TASK_THREW', reason: 'boom' });
    events.publish({ type: 'task.superseded', ...tried, handlerMs: 1 });
    events.publish({ type: 'task.late', ...tried });
    expect(lines).toEqual([
      ['info', 'task done', { ...tried, durationMs: 12.5, status: 'replaced' }],
      ['warn', 'task failed', { ...tried, durationMs: 3, status: 'failed', code: 'MILLRACE_TASK_THREW', reason: 'boom' }],
      ['info', 'task done', { ...tried, durationMs: 1, status: 'superseded' }],
      ['warn', 'task is late', { run: 'run_1', step: '0.1', task: 'orders.segments', status: 'late' }],
    ]);
    expect(await counted()).toEqual([['replaced', 1], ['failed', 1], ['superseded', 1], ['late', 1]]);
    expect((await metrics.taskRun.get()).values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(3);
  });

  it('leave out what is told for followers only', async () => {
    events.publish({ type: 'task.started', ...tried });
    expect([lines, await counted()]).toEqual([[], []]);
  });
});

describe('an event bus', () => {
  it('is enabled while somebody follows everything, and gives each listener what it wants', () => {
    const heard: ActivityEvent[] = [];
    const publish = (type: 'task.started' | 'task.revoked') => events.publish({ type, ...tried } satisfies Activity);
    expect(events.enabled).toBe(false);
    const end = events.listen((event) => heard.push(event));
    expect(events.enabled).toBe(true);
    publish('task.started');
    publish('task.revoked');
    end();
    publish('task.started');
    expect([events.enabled, heard]).toEqual([false, [{ type: 'task.started', ...tried, version: 1, at: 7, source: 'p' }, { type: 'task.revoked', ...tried, version: 1, at: 7, source: 'p' }]]);
    expect(lines).toHaveLength(1);
  });
});
