import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/session-dataset.js';
import { clickSegments } from './click-segments.js';
import { summarySegments } from './summary-segments.js';

/** What sorts of session there are, by rules that anyone can check; clicks and summaries have rules of their own. */
export const segmentsTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'sessions.segments',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const { clicks, summaries } = decodeDataset(await ctx.artifacts.read(ref));
    ctx.signal.throwIfAborted();
    return {
      ...(clicks ? { clicks: { sessions: clicks.sessions.id.length, segments: clickSegments(clicks) } } : {}),
      ...(summaries ? { summaries: { sessions: summaries.row.length, segments: summarySegments(summaries) } } : {}),
    };
  },
});
