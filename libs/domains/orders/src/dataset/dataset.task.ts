import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { DatasetResult } from '@millrace/domain';
import { formatOf } from '@millrace/frame';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { encodeDataset } from './order-dataset.js';
import { readOrders } from './read-orders.js';

/** Enough of the file to see whether it begins with a brace. */
const headBytes = 256;

/** Cleans an export and keeps its usable lines as columns; the report says what was sent and what was left out. */
export const datasetTask: Task<[raw: ArtifactRef], DatasetResult> = defineTask({
  name: 'orders.dataset',
  args: z.tuple([artifactRef]),
  handler: async (ctx, raw) => {
    const bytes = await ctx.artifacts.read(raw);
    const format = formatOf(raw.contentType, new TextDecoder().decode(bytes.subarray(0, headBytes)));
    const { dataset, totals, rows } = readOrders(bytes, format);
    ctx.signal.throwIfAborted();
    return {
      dataset: await ctx.artifacts.write('dataset.json', encodeDataset(dataset), 'application/json'),
      report: { format, lines: rows.rows, ...totals.report(), accepted: rows.accepted, rejected: rows.rejected, examples: rows.examples },
    };
  },
});
