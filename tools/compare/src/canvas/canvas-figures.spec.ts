import { expect, it } from 'vitest';
import { canvasFigures, canvasMeasures, memberFigures, memberMeasures } from './canvas-figures.js';

it('divides what client, worker and Redis used by the canvases that were run', () => {
  const figures = canvasFigures([4, 1, 2, 3], { processMs: 20, redisMs: 8, commands: 100, bytesIn: 4000, slow: 2 }, 12);
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
    slow: 0.5,
  });
  for (const { figure } of canvasMeasures) expect(figures).toHaveProperty(figure);
});

it('tells of a chord what its members cost', () => {
  const figures = memberFigures({ p50Ms: 500, redisCommands: 3_000 }, 1_000);
  expect(figures).toMatchObject({ membersASecond: 2_000, commandsAMember: 3 });
  for (const { figure } of memberMeasures) expect(figures).toHaveProperty(figure);
});
