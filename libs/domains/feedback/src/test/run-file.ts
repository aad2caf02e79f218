import { readFile } from 'node:fs/promises';
import { MemoryArtifacts, memoryContext, resultOf } from '@millrace/domain-testing';
import { loadOnnxModels } from '@millrace/models';
import { decodeDataset } from '../dataset/feedback-dataset.js';
import { feedbackDomain } from '../feedback.domain.js';

/** Runs the domain's tasks over a file; for specs. Insights are by task name. */
export const runFile = async (file: string | URL | Uint8Array, contentType: string) => runFiles([file], contentType);

/** Runs the domain's tasks over several files; for specs. */
export async function runFiles(files: ReadonlyArray<string | URL | Uint8Array>, contentType: string) {
  const artifacts = new MemoryArtifacts();
  const refs = await Promise.all(files.map(async (file, index) => artifacts.write(`raw-${index}`, file instanceof Uint8Array ? file : await readFile(file), contentType)));
  const [raw] = refs;
  if (!raw) throw new TypeError('no files');
  const ctx = memoryContext(artifacts, raw, await loadOnnxModels(feedbackDomain.models));
  const { dataset: ref, report } = resultOf(await feedbackDomain.dataset.handler(ctx, refs));
  const insights = new Map<string, Readonly<Record<string, unknown>>>();
  for (const { name, handler } of feedbackDomain.analyses) insights.set(name, resultOf(await handler(ctx, ref)));
  return { ref, report, dataset: decodeDataset(await artifacts.read(ref)), insights };
}
