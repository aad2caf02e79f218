import { readFile } from 'node:fs/promises';
import { MemoryArtifacts, memoryContext, resultOf } from '@millrace/domain-testing';
import { loadOnnxModels } from '@millrace/models';
import { datasetTask } from '../dataset/dataset.task.js';
import { decodeDataset } from '../dataset/session-dataset.js';
import { purchaseIntentTask } from '../purchase-intent/purchase-intent.task.js';
import { saleTask } from '../sale/sale.task.js';
import { segmentsTask } from '../segments/segments.task.js';
import { sessionsDomain } from '../sessions.domain.js';

/** Runs the domain's tasks over a file; for specs. */
export const runExport = async (file: string | URL, contentType: string) => runBytes(await readFile(file), contentType);

/** Runs the domain's tasks over the bytes of files; for specs. */
export async function runBytes(bytes: Uint8Array, contentType: string, ...more: readonly Uint8Array[]) {
  const artifacts = new MemoryArtifacts();
  const raw = await artifacts.write('raw', bytes, contentType);
  const others = await Promise.all(more.map((each, index) => artifacts.write(`raw-${index}`, each, contentType)));
  const models = await loadOnnxModels(sessionsDomain.models);
  const ctx = memoryContext(artifacts, raw, models);
  const { dataset: ref, report } = resultOf(await datasetTask.handler(ctx, [raw, ...others]));
  const [purchases, segments, sale] = [resultOf(await purchaseIntentTask.handler(ctx, ref)), resultOf(await segmentsTask.handler(ctx, ref)), resultOf(await saleTask.handler(ctx, ref))];
  return { ref, report, purchases, segments, sale, models, dataset: decodeDataset(await artifacts.read(ref)) };
}
