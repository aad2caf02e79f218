import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/session-dataset.js';
import { scoreRows } from '../scoring.js';
import { requiredNames } from '../summaries/summary-columns.js';
import { unavailable } from '../unavailable.js';
import { neededColumns, purchaseMatrix } from './features.js';
import { purchaseModelFor } from './models.js';
import { purchaseInsight } from './purchase-insight.js';

/** How likely each session summary ends in a purchase; by the model with PageValues where they were sent. */
export const purchaseIntentTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'sessions.purchase-intent',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const { files, summaries } = decodeDataset(await ctx.artifacts.read(ref));
    if (!summaries) return unavailable(`click events do not show how long pages were looked at or left; send session summaries with the columns ${all}`);
    const absent = neededColumns.filter((column) => !summaries.columns[column]);
    if (absent.length > 0) return unavailable(`the session summaries lack the columns ${absent.join(', ')}; add them`);
    const model = purchaseModelFor(summaries.columns.PageValues !== undefined);
    const loaded = ctx.model(model.definition);
    const scores = await scoreRows(loaded, summaries.row.length, (from, to) => purchaseMatrix(summaries, model.features, from, to), ctx.signal);
    return { model: modelReference(loaded.definition), ...purchaseInsight({ files, summaries }, scores) };
  },
});

const all = [...requiredNames, ...neededColumns].join(', ');
