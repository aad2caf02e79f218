import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { DatasetResult } from '@millrace/domain';
import { announcedColumns, formatOf } from '@millrace/frame';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { kindOf } from '../message-columns.js';
import { encodeDataset } from './feedback-dataset.js';
import { readFeedback } from './read-feedback.js';

/** Enough of the file to hold its header or first object. */
const headBytes = 65_536;

/** Normalises and masks messages or reviews and keeps the usable ones as columns; the report says what was sent and what was left out. */
export const datasetTask: Task<[raw: ArtifactRef], DatasetResult> = defineTask({
  name: 'feedback.dataset',
  args: z.tuple([artifactRef]),
  handler: async (ctx, raw) => {
    const bytes = await ctx.artifacts.read(raw);
    const head = new TextDecoder().decode(bytes.subarray(0, headBytes));
    const format = formatOf(raw.contentType, head);
    const kind = kindOf(announcedColumns(format, head)) ?? 'messages';
    const { dataset, totals, rows } = readFeedback(bytes, format, kind);
    ctx.signal.throwIfAborted();
    return {
      dataset: await ctx.artifacts.write('dataset.json', encodeDataset(dataset), 'application/json'),
      report: { format, kind, rows: rows.rows, ...totals.report(), accepted: rows.accepted, rejected: rows.rejected, examples: rows.examples },
    };
  },
});
