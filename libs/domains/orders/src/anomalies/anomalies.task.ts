import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { type LoadedModel, modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { scoreRows } from '../score-rows.js';
import { anomalyInsight } from './anomaly-insight.js';
import { featureMatrix, LinePeers } from './features.js';
import { anomalyModel } from './model.js';

/** Invoices that look mistyped or wrongly exported, and why. */
export const anomaliesTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.anomalies',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    const peers = new LinePeers(dataset);
    const model = ctx.model(anomalyModel);
    const scores = await scoreLines(model, peers, dataset.lines.row.length, ctx.signal);
    return { model: modelReference(model.definition), ...anomalyInsight(dataset, peers, scores) };
  },
});

/** The log-odds of each line. */
export const scoreLines = (model: LoadedModel, peers: LinePeers, lines: number, signal: AbortSignal): Promise<Float32Array> =>
  scoreRows(model, { count: lines, matrix: (from, to) => featureMatrix(peers, from, to) }, signal);
