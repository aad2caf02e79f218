import type { ArtifactRef } from '@millrace/contracts';
import { dataFiles, type DatasetResult, nothingUsable, readSources, rowsOf, sourceFilesOf, sourcesReport } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { sessionErrors } from '../errors.js';
import { SessionCollector, sessionFigures } from './read-sessions.js';
import { encodeDataset } from './session-dataset.js';

/** Cleans exports and keeps their usable sessions as columns; the report says what was sent and what was left out. */
export const datasetTask: Task<[files: readonly ArtifactRef[]], DatasetResult> = defineTask({
  name: 'sessions.dataset',
  args: z.tuple([dataFiles]),
  handler: async (ctx, files) => {
    const sessions = new SessionCollector();
    const reads = await readSources(ctx, files, (source) => sessions.read(source, ctx.signal));
    if (rowsOf(reads).accepted === 0) {
      const { message, detail } = nothingUsable(reads);
      throw sessionErrors.error('MILLRACE_SESSIONS_NOTHING_USABLE', message, { detail });
    }
    ctx.signal.throwIfAborted();
    const kinds = sessions.kinds();
    const dataset = encodeDataset({ files: sourceFilesOf(reads), ...kinds });
    return { dataset: await ctx.artifacts.write('dataset.json', dataset, 'application/json'), report: sourcesReport(reads, sessionFigures(kinds)) };
  },
});
