import { readFile } from 'node:fs/promises';
import { loadOnnxModels } from '@millrace/models';
import { Replacement } from '@millrace/tasks';
import { datasetTask } from '../dataset/dataset.task.js';
import { decodeDataset } from '../dataset/session-dataset.js';
import { purchaseIntentTask } from '../purchase-intent/purchase-intent.task.js';
import { saleTask } from '../sale/sale.task.js';
import { segmentsTask } from '../segments/segments.task.js';
import { sessionsDomain } from '../sessions.domain.js';
import { MemoryArtifacts, memoryContext } from './memory-context.js';

/** Runs the domain's tasks over a file; for specs. */
export const runExport = async (file: string | URL, contentType: string) => runBytes(await readFile(file), contentType);

/** Runs the domain's tasks over the bytes of a file; for specs. */
export async function runBytes(bytes: Uint8Array, contentType: string) {
  const artifacts = new MemoryArtifacts();
  const raw = await artifacts.write('raw', bytes, contentType);
  const models = await loadOnnxModels(sessionsDomain.models);
  const ctx = memoryContext(artifacts, raw, models);
  const { dataset: ref, report } = value(await datasetTask.handler(ctx, raw));
  const [purchases, segments, sale] = [value(await purchaseIntentTask.handler(ctx, ref)), value(await segmentsTask.handler(ctx, ref)), value(await saleTask.handler(ctx, ref))];
  return { ref, report, purchases, segments, sale, models, dataset: decodeDataset(await artifacts.read(ref)) };
}

export function value<T>(returned: T | Replacement): T {
  if (returned instanceof Replacement) throw new TypeError('the handler returned a canvas');
  return returned;
}
