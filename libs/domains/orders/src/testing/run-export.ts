import { readFile } from 'node:fs/promises';
import { loadOnnxModels } from '@millrace/models';
import { Replacement } from '@millrace/tasks';
import { anomaliesTask, scoreLines } from '../anomalies/anomalies.task.js';
import { LinePeers } from '../anomalies/features.js';
import { anomalyModel } from '../anomalies/model.js';
import { datasetTask } from '../dataset/dataset.task.js';
import { decodeDataset } from '../dataset/order-dataset.js';
import { segmentsTask } from '../segments/segments.task.js';
import { MemoryArtifacts, memoryContext } from './memory-context.js';

/** Runs the domain's tasks over a file; for specs. */
export async function runExport(file: string | URL, contentType: string) {
  const artifacts = new MemoryArtifacts();
  const raw = await artifacts.write('raw', await readFile(file), contentType);
  const ctx = memoryContext(artifacts, raw, await loadOnnxModels([anomalyModel]));
  const { dataset: ref, report } = value(await datasetTask.handler(ctx, raw));
  const segments = value(await segmentsTask.handler(ctx, ref));
  const anomalies = value(await anomaliesTask.handler(ctx, ref));
  const dataset = decodeDataset(await artifacts.read(ref));
  const peers = new LinePeers(dataset);
  const scores = await scoreLines(ctx.model(anomalyModel), peers, dataset.lines.row.length, ctx.signal);
  return { ref, report, segments, anomalies, dataset, peers, scores };
}

function value<T>(returned: T | Replacement): T {
  if (returned instanceof Replacement) throw new TypeError('the handler returned a canvas');
  return returned;
}
