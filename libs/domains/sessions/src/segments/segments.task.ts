import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/session-dataset.js';
import { clickSegments } from './click-segments.js';
import { summarySegments } from './summary-segments.js';

/** What kinds of session there are, by rules that anyone can check. */
export const segmentsTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'sessions.segments',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    ctx.signal.throwIfAborted();
    if (dataset.kind === 'clicks') return { available: true, kind: dataset.kind, sessions: dataset.sessions.id.length, segments: clickSegments(dataset) };
    return { available: true, kind: dataset.kind, sessions: dataset.row.length, segments: summarySegments(dataset) };
  },
});
