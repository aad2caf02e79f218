import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { DatasetResult } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { readSessions } from './read-sessions.js';
import { encodeDataset } from './session-dataset.js';

/** Cleans an export and keeps its usable sessions as columns; the report says what was sent and what was left out. */
export const datasetTask: Task<[raw: ArtifactRef], DatasetResult> = defineTask({
  name: 'sessions.dataset',
  args: z.tuple([artifactRef]),
  handler: async (ctx, raw) => {
    const bytes = await ctx.artifacts.read(raw);
    ctx.signal.throwIfAborted();
    const { dataset, report } = readSessions(bytes, raw.contentType);
    ctx.signal.throwIfAborted();
    return { dataset: await ctx.artifacts.write('dataset.json', encodeDataset(dataset), 'application/json'), report };
  },
});
