import type { ArtifactRef } from '@millrace/contracts';
import { dataFiles, type DatasetResult, nothingUsable, readSources, rowsOf, sourceFilesOf, sourcesReport } from '@millrace/domain';
import { announcedColumns, readRowFile } from '@millrace/frame';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { feedbackErrors } from '../errors.js';
import { feedbackColumns, kindOf } from '../message-columns.js';
import { encodeDataset } from './feedback-dataset.js';
import { FeedbackCollector } from './read-feedback.js';

/** Normalises and masks messages and reviews and keeps the usable ones as columns; the report says what was sent and what was left out. */
export const datasetTask: Task<[files: readonly ArtifactRef[]], DatasetResult> = defineTask({
  name: 'feedback.dataset',
  args: z.tuple([dataFiles]),
  handler: async (ctx, files) => {
    const feedback = new FeedbackCollector();
    const reads = await readSources(ctx, files, async (source) => {
      const kind = kindOf(announcedColumns(source.format, source.head)) ?? 'messages';
      const rows = await readRowFile(source, { columns: feedbackColumns[kind], signal: ctx.signal }, feedback.taker(kind, source.rowsBefore));
      return { about: { format: source.format, kind }, rows };
    });
    if (rowsOf(reads).accepted === 0) {
      const { message, detail } = nothingUsable(reads);
      throw feedbackErrors.error('MILLRACE_FEEDBACK_NOTHING_USABLE', message, { detail });
    }
    ctx.signal.throwIfAborted();
    const dataset = feedback.dataset(sourceFilesOf(reads));
    return {
      dataset: await ctx.artifacts.write('dataset.json', encodeDataset(dataset), 'application/json'),
      report: sourcesReport(reads, feedback.totals.report()),
    };
  },
});
