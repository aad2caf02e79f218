import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { namedRows, scoreRows } from '../score-rows.js';
import { buyersOf, clusterFeatures } from './cluster-features.js';
import { clusterInsight } from './cluster-insight.js';
import { clusterModel } from './cluster-model.js';
import { segmentInsight } from './segment-insight.js';

/** Recency, frequency and monetary value of the known customers: segments by rule, and clusters by a model. */
export const segmentsTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.segments',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    const segments = segmentInsight(dataset);
    const buyers = buyersOf(dataset);
    const rows = namedRows(clusterFeatures, buyers.map(({ features }) => features));
    const model = ctx.model(clusterModel);
    const distances = await scoreRows(model, rows, ctx.signal);
    ctx.signal.throwIfAborted();
    return { model: modelReference(model.definition), ...clusterInsight(buyers, distances), ...segments };
  },
});
