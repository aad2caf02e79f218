import { type Outcome, percentiles } from '@millrace/bench';
import type { Measure } from '../comparison-lines.js';
import type { Figures } from '../summary.js';
import type { Usage } from '../usage-meter.js';

export const pipelineMeasures: readonly Measure[] = [
  { figure: 'perSecond', title: 'pipelines a second' },
  { figure: 'p50Ms', title: 'p50 ms, POST to callback' },
  { figure: 'p99Ms', title: 'p99 ms' },
  { figure: 'cpuMs', title: 'CPU ms a pipeline' },
  { figure: 'redisCpuMs', title: '  of which Redis' },
  { figure: 'redisCommands', title: 'Redis commands a pipeline' },
  { figure: 'redisKilobytesIn', title: 'kB into Redis a pipeline' },
];

/** The figures of one load. `notCompleted` counts pipelines that did not come back whole; all others are of those that did. */
export function pipelineFigures({ result: outcomes, usage }: { result: readonly Outcome[]; usage: Usage }): Figures {
  const latencies = outcomes.flatMap(({ status, begunAt, endedAt }) => (status === 'completed' && endedAt !== undefined ? [endedAt - begunAt] : []));
  const each = (total: number) => total / latencies.length;
  const { p50 = Number.NaN, p99 = Number.NaN } = percentiles(latencies) ?? {};
  return {
    completed: latencies.length,
    notCompleted: outcomes.length - latencies.length,
    perSecond: (latencies.length * 1000) / spanMs(outcomes),
    p50Ms: p50,
    p99Ms: p99,
    cpuMs: each(usage.processMs + usage.redisMs),
    redisCpuMs: each(usage.redisMs),
    redisCommands: each(usage.commands),
    redisKilobytesIn: each(usage.bytesIn) / 1000,
  };
}

/** From the first POST to the last callback. */
function spanMs(outcomes: readonly Outcome[]): number {
  const first = outcomes.reduce((least, { begunAt }) => Math.min(least, begunAt), Infinity);
  const last = outcomes.reduce((most, { endedAt = 0 }) => Math.max(most, endedAt), 0);
  return last - first;
}
