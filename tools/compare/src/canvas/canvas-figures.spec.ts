import { expect, it } from 'vitest';
import { canvasFigures, canvasMeasures } from './canvas-figures.js';

it('divides what client, worker and Redis used by the canvases that were run', () => {
  const figures = canvasFigures([4, 1, 2, 3], { processMs: 20, redisMs: 8, commands: 100, bytesIn: 4000 }, 12);
  expect(figures).toEqual({
    completed: 4,
    p50Ms: 2,
    p99Ms: 4,
    cpuMs: 10,
    clientCpuMs: 3,
    workerCpuMs: 5,
    redisCpuMs: 2,
    redisCommands: 25,
    redisKilobytesIn: 1,
  });
  for (const { figure } of canvasMeasures) expect(figures).toHaveProperty(figure);
});
