import { rowFile } from '@millrace/frame';
import { sourceFilesOf, sourcesReport } from '@millrace/domain';
import { SessionCollector, sessionFigures } from '../dataset/read-sessions.js';

/** What the dataset task makes of one file; for specs. */
export async function readSessions(bytes: Uint8Array, contentType: string) {
  const sessions = new SessionCollector();
  const read = await sessions.read({ ...rowFile(bytes, contentType), name: 'file 1', rowsBefore: 0 }, new AbortController().signal);
  const reads = [{ name: 'file 1', ...read }];
  const kinds = sessions.kinds();
  return { dataset: { files: sourceFilesOf(reads), ...kinds }, report: sourcesReport(reads, sessionFigures(kinds)) };
}
