import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { modelReference } from '@millrace/models';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/order-dataset.js';
import { namedRows, scoreRows } from '../score-rows.js';
import { featureNames, ratedCustomers } from './features.js';
import { repurchaseModel } from './model.js';
import { repurchaseInsight } from './repurchase-insight.js';

/** Which known customers order again within 30 days after the export. */
export const repurchaseTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'orders.repurchase',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    const customers = ratedCustomers(dataset);
    ctx.signal.throwIfAborted();
    const rows = namedRows(featureNames, customers.map(({ features }) => features));
    const model = ctx.model(repurchaseModel);
    return { model: modelReference(model.definition), ...repurchaseInsight(dataset, customers, await scoreRows(model, rows, ctx.signal)) };
  },
});
