import type { Outcome } from '@millrace/bench';
import { expect, it } from 'vitest';
import { pipelineFigures, pipelineMeasures } from './pipeline-figures.js';

const usage = { processMs: 30, redisMs: 6, commands: 900, bytesIn: 6000, slow: 0 };

it('divides what was used by the pipelines that completed', () => {
  const result: Outcome[] = [
    { status: 'completed', begunAt: 1000, acceptedAt: 1005, endedAt: 1100 },
    { status: 'completed', begunAt: 1000, acceptedAt: 1005, endedAt: 1200 },
    { status: 'completed', begunAt: 2500, acceptedAt: 2505, endedAt: 3000 },
    { status: 'partial', begunAt: 1500, acceptedAt: 1505, endedAt: 1501 },
    { status: 'refused', begunAt: 1600, reason: '503' },
  ];
  expect(pipelineFigures({ result, usage })).toEqual({
    completed: 3,
    notCompleted: 2,
    perSecond: 1.5,
    p50Ms: 200,
    p99Ms: 500,
    cpuMs: 12,
    redisCpuMs: 2,
    redisCommands: 300,
    redisKilobytesIn: 2,
  });
});

it('has no latencies to tell when nothing completed', () => {
  const figures = pipelineFigures({ result: [{ status: 'refused', begunAt: 1, reason: '503' }], usage });
  expect(figures).toMatchObject({ completed: 0, notCompleted: 1, p50Ms: Number.NaN, p99Ms: Number.NaN });
});

it('knows a figure for every row of the table', () => {
  const figures = pipelineFigures({ result: [{ status: 'completed', begunAt: 0, endedAt: 1 }], usage });
  for (const { figure } of pipelineMeasures) expect(figures).toHaveProperty(figure);
});
