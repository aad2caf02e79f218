import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from '@millrace/app';
import { group } from '@millrace/canvas';
import type { ModelDefinition } from '@millrace/models';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';

/** Each task scores so many rows one after the other, as one that gets them one at a time would. */
const rowsPerTask = 100;
const tasksPerRound = 256;

export interface Batching {
  readonly model: ModelDefinition;
  /** Tasks at work at once in the one process. */
  readonly concurrency: number;
  readonly isBatched: boolean;
  readonly redisUrl: string;
}

/** Rows a second that one worker process scores, from the start of a run of 256 tasks to its end. */
export async function measureBatching({ model, concurrency, isBatched, redisUrl }: Batching): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-batching-'));
  const prefix = `batching-${concurrency}-${isBatched ? 'on' : 'off'}`;
  const score = scoreTask(model);
  const app = await App.open({ profile: { profile: 'redis', url: redisUrl, dataDir, prefix }, tasks: [score], models: [model] });
  try {
    await app.work({ concurrency, models: isBatched ? {} : { maxBatchRows: 1 } });
    const round = async () => (await app.client.run(group(Array.from({ length: tasksPerRound }, (_, seed) => score.s(seed))), { timeoutMs: 60_000 })).result();
    await round();
    const startedAt = performance.now();
    await round();
    return (tasksPerRound * rowsPerTask * 1_000) / (performance.now() - startedAt);
  } finally {
    await app.close();
    await rm(dataDir, { recursive: true });
  }
}

const scoreTask = (definition: ModelDefinition) =>
  defineTask({
    name: 'bench.score',
    args: z.tuple([z.number()]),
    handler: async (ctx, seed) => {
      const model = ctx.model(definition);
      const matrix = Float32Array.from({ length: definition.features }, (_, at) => Math.sin(seed + at));
      for (let row = 0; row < rowsPerTask; row++) await model.run(matrix, 1);
      return null;
    },
  });
