import { percentiles } from '@millrace/bench';
import type { Measure } from '../comparison-lines.js';
import type { Figures } from '../summary.js';
import type { Usage } from '../usage-meter.js';

export const canvasMeasures: readonly Measure[] = [
  { figure: 'p50Ms', title: 'p50 ms, run to result' },
  { figure: 'p99Ms', title: 'p99 ms' },
  { figure: 'cpuMs', title: 'CPU ms a canvas' },
  { figure: 'clientCpuMs', title: '  of which client' },
  { figure: 'workerCpuMs', title: '  of which worker' },
  { figure: 'redisCpuMs', title: '  of which Redis' },
  { figure: 'redisCommands', title: 'Redis commands a canvas' },
  { figure: 'redisKilobytesIn', title: 'kB into Redis a canvas' },
  { figure: 'slow', title: 'Redis commands over 2 ms' },
];

/** Of a wide chord, besides. */
export const memberMeasures: readonly Measure[] = [
  { figure: 'membersASecond', title: 'members a second' },
  { figure: 'commandsAMember', title: 'Redis commands a member' },
];

/** The figures of one canvas run again and again. */
export function canvasFigures(latencies: readonly number[], usage: Usage, clientCpuMs: number): Figures {
  const each = (total: number) => total / latencies.length;
  const { p50 = Number.NaN, p99 = Number.NaN } = percentiles(latencies) ?? {};
  return {
    completed: latencies.length,
    p50Ms: p50,
    p99Ms: p99,
    cpuMs: each(clientCpuMs + usage.processMs + usage.redisMs),
    clientCpuMs: each(clientCpuMs),
    workerCpuMs: each(usage.processMs),
    redisCpuMs: each(usage.redisMs),
    redisCommands: each(usage.commands),
    redisKilobytesIn: each(usage.bytesIn) / 1000,
    slow: each(usage.slow),
  };
}

/** Of the figures of a chord so many members wide. */
export const memberFigures = (figures: Figures, width: number): Figures => ({
  ...figures,
  membersASecond: (width * 1000) / (figures['p50Ms'] ?? Number.NaN),
  commandsAMember: (figures['redisCommands'] ?? Number.NaN) / width,
});
