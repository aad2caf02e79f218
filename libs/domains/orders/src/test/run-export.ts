import { readFile } from 'node:fs/promises';
import type { ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { MemoryArtifacts, memoryContext, resultOf } from '@millrace/domain-testing';
import { loadOnnxModels } from '@millrace/models';
import type { Task, TaskContext } from '@millrace/tasks';
import { anomaliesTask, scoreLines } from '../anomalies/anomalies.task.js';
import { LinePeers } from '../anomalies/features.js';
import { anomalyModel } from '../anomalies/model.js';
import { datasetTask } from '../dataset/dataset.task.js';
import { decodeDataset } from '../dataset/order-dataset.js';
import { ordersDomain } from '../orders.domain.js';
import { repurchaseTask } from '../repurchase/repurchase.task.js';
import { returnsTask } from '../returns/returns.task.js';
import { revenueTask } from '../revenue/revenue.task.js';
import { segmentsTask } from '../segments/segments.task.js';

/** Runs the domain's tasks over a file; for specs. */
export const runExport = async (file: string | URL, contentType: string) => runExports([{ bytes: await readFile(file), contentType }]);

interface SentFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly filename?: string;
}

/** Runs the domain's tasks over several files; for specs. */
export async function runExports(files: readonly SentFile[]) {
  const artifacts = new MemoryArtifacts();
  const refs = await Promise.all(files.map(async ({ bytes, contentType, ...sent }, index) => ({ ...(await artifacts.write(`raw-${index}`, bytes, contentType)), ...sent })));
  const [raw] = refs;
  if (!raw) throw new TypeError('no files');
  const ctx = memoryContext(artifacts, raw, await loadOnnxModels(ordersDomain.models));
  const { dataset: ref, report } = resultOf(await datasetTask.handler(ctx, refs));
  const insights = {
    segments: await insightOf(segmentsTask, ctx, ref),
    repurchase: await insightOf(repurchaseTask, ctx, ref),
    anomalies: await insightOf(anomaliesTask, ctx, ref),
    revenue: await insightOf(revenueTask, ctx, ref),
    returns: await insightOf(returnsTask, ctx, ref),
  };
  const dataset = decodeDataset(await artifacts.read(ref));
  const peers = new LinePeers(dataset);
  const scores = await scoreLines(ctx.model(anomalyModel), peers, dataset.lines.row.length, ctx.signal);
  return { ctx, ref, report, insights, ...insights, dataset, peers, scores };
}

const insightOf = async (task: Task<[ArtifactRef], Insight>, ctx: TaskContext, ref: ArtifactRef): Promise<Insight> => resultOf(await task.handler(ctx, ref));
