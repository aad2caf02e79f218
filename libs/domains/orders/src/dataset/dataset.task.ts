import type { ArtifactRef } from '@millrace/contracts';
import { dataFiles, type DatasetResult, nothingUsable, readSources, rowsOf, sourceFilesOf, sourcesReport } from '@millrace/domain';
import { readRowFile } from '@millrace/frame';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { orderErrors } from '../errors.js';
import { orderColumns } from '../order-columns.js';
import { encodeDataset } from './order-dataset.js';
import { OrderCollector } from './read-orders.js';

/** Cleans exports and keeps their usable lines as columns; the report says what was sent and what was left out. */
export const datasetTask: Task<[files: readonly ArtifactRef[]], DatasetResult> = defineTask({
  name: 'orders.dataset',
  args: z.tuple([dataFiles]),
  handler: async (ctx, files) => {
    const orders = new OrderCollector();
    const reads = await readSources(ctx, files, async (source) => ({
      about: { format: source.format },
      rows: await readRowFile(source, { columns: orderColumns, signal: ctx.signal }, orders.taker(source.rowsBefore)),
    }));
    if (rowsOf(reads).accepted === 0) {
      const { message, detail } = nothingUsable(reads, 'lines');
      throw orderErrors.error('MILLRACE_ORDERS_NOTHING_USABLE', message, { detail });
    }
    ctx.signal.throwIfAborted();
    const dataset = orders.dataset(sourceFilesOf(reads));
    return {
      dataset: await ctx.artifacts.write('dataset.json', encodeDataset(dataset), 'application/json'),
      report: sourcesReport(reads, orders.totals.report(), 'lines'),
    };
  },
});
