import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { segmentInsight } from './segment-insight.js';

/** Recency, frequency and monetary value of the known customers. */
export const segmentsTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.segments',
  args: z.tuple([artifactRef]),
  handler: async (ctx, dataset) => segmentInsight(decodeDataset(await ctx.artifacts.read(dataset))),
});
