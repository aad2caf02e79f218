import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import type { LoadedModel } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { anomalyInsight } from './anomaly-insight.js';
import { featureMatrix, LinePeers } from './features.js';
import { anomalyModel } from './model.js';

/** Few enough that a batch takes some tens of milliseconds; between batches the handler looks at its signal. */
const batchLines = 4_096;

/** Invoices that look mistyped or wrongly exported, and why. */
export const anomaliesTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.anomalies',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    const peers = new LinePeers(dataset);
    const scores = await scoreLines(ctx.model(anomalyModel), peers, dataset.lines.row.length, ctx.signal);
    return anomalyInsight(dataset, peers, scores);
  },
});

/** The log-odds of each line. */
export async function scoreLines(model: LoadedModel, peers: LinePeers, lines: number, signal: AbortSignal): Promise<Float32Array> {
  const scores = new Float32Array(lines);
  for (let from = 0; from < lines; from += batchLines) {
    signal.throwIfAborted();
    const to = Math.min(from + batchLines, lines);
    scores.set(await model.run(featureMatrix(peers, from, to), to - from), from);
  }
  return scores;
}
