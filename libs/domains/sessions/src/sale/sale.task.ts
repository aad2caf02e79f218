import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { clickColumns } from '../clicks/click.js';
import { decodeDataset } from '../dataset/session-dataset.js';
import { scoreRows } from '../scoring.js';
import { unavailable } from '../unavailable.js';
import { saleMatrix } from './features.js';
import { saleModel } from './model.js';
import { saleInsight } from './sale-insight.js';
import { watchedSessions } from './watched.js';

/** Which sessions will look at the sale, told from their first clicks. */
export const saleTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'sessions.sale',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const { clicks } = decodeDataset(await ctx.artifacts.read(ref));
    if (!clicks) return unavailable(`session summaries do not show single clicks; send click events with the columns ${clickColumns.required.join(', ')}`);
    ctx.signal.throwIfAborted();
    const watched = watchedSessions(clicks);
    const model = ctx.model(saleModel);
    const scores = await scoreRows(model, watched.sessions.length, (from, to) => saleMatrix(clicks, watched.sessions, from, to), ctx.signal);
    return { model: modelReference(model.definition), ...saleInsight(clicks, watched, scores) };
  },
});
