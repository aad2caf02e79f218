import { readFile } from 'node:fs/promises';
import { loadOnnxModels } from '@millrace/models';
import { Replacement } from '@millrace/tasks';
import { decodeDataset } from '../dataset/feedback-dataset.js';
import { feedbackDomain } from '../feedback.domain.js';
import { MemoryArtifacts, memoryContext } from './memory-context.js';

/** Runs the domain's tasks over a file; for specs. Insights are by task name. */
export async function runFile(file: string | URL | Uint8Array, contentType: string) {
  const artifacts = new MemoryArtifacts();
  const bytes = file instanceof Uint8Array ? file : await readFile(file);
  const raw = await artifacts.write('raw', bytes, contentType);
  const ctx = memoryContext(artifacts, raw, await loadOnnxModels(feedbackDomain.models));
  const { dataset: ref, report } = value(await feedbackDomain.dataset.handler(ctx, raw));
  const insights = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { name, handler } of feedbackDomain.analyses) insights.set(name, value(await handler(ctx, ref)));
  return { ref, report, dataset: decodeDataset(await artifacts.read(ref)), insights };
}

function value<T>(returned: T | Replacement): T {
  if (returned instanceof Replacement) throw new TypeError('the handler returned a canvas');
  return returned;
}
