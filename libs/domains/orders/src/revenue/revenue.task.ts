import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { namedRows, scoreRows } from '../score-rows.js';
import { revenueModel } from './model.js';
import { featureNames, outlookOf } from './outlook.js';
import { forecastOf, revenueInsight } from './revenue-insight.js';
import { salesOf } from './sales.js';

/** The revenue of the seven days after the export. */
export const revenueTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.revenue',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const sales = salesOf(decodeDataset(await ctx.artifacts.read(ref)));
    const outlook = outlookOf(sales);
    const model = ctx.model(revenueModel);
    const named = { model: modelReference(model.definition) };
    if (!outlook) return { ...named, ...revenueInsight(sales, 0, undefined) };
    const scores = await scoreRows(model, namedRows(featureNames, [outlook.features]), ctx.signal);
    return { ...named, ...revenueInsight(sales, outlook.weeks, forecastOf(outlook, scores)) };
  },
});
