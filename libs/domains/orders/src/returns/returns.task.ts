import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { namedRows, scoreRows } from '../score-rows.js';
import { featureNames, purchasesOf } from './features.js';
import { returnModel } from './model.js';
import { openPurchases, returnsInsight } from './returns-insight.js';
import { wordWeights } from './words.js';

/** Which purchases may come back within 30 days. */
export const returnsTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.returns',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    const purchases = openPurchases(dataset, purchasesOf(dataset, wordWeights));
    ctx.signal.throwIfAborted();
    const rows = namedRows(featureNames, purchases.open.map(({ features }) => features));
    const model = ctx.model(returnModel);
    return { model: modelReference(model.definition), ...returnsInsight(dataset, purchases, await scoreRows(model, rows, ctx.signal)) };
  },
});
