import type { Source, SourceRead } from '@millrace/domain';
import { formatOf, readRowFile } from '@millrace/frame';
import { ClickBuilder } from '../clicks/click-builder.js';
import { clickColumns } from '../clicks/click.js';
import { clickReport, clickTaker } from '../clicks/read-clicks.js';
import { sessionErrors } from '../errors.js';
import { SummaryCollector, summaryReport } from '../summaries/read-summaries.js';
import { requiredNames } from '../summaries/summary-columns.js';
import { type Announcement, announcementOf } from './announcement.js';
import type { SessionKinds } from './session-dataset.js';

/** Collects click events and session summaries from files of either kind. */
export class SessionCollector {
  readonly #clicks = new ClickBuilder();
  readonly #summaries = new SummaryCollector();

  /** Rejects with MILLRACE_SESSIONS_COLUMNS for a file of neither kind, and MILLRACE_ROWS_… for one that cannot be read. */
  async read(source: Source, signal: AbortSignal): Promise<Omit<SourceRead, 'name'>> {
    const announcement = announcementOf(source.contentType, source.head);
    if (!announcement) throw otherColumns(formatOf(source.contentType, source.head));
    const { columns, take } = this.#readingOf(announcement, source.rowsBefore);
    const { format, separator, kind } = announcement;
    const rows = await readRowFile(source, { columns, separator, signal }, take);
    return { about: { format, ...(format === 'csv' ? { separator } : {}), kind }, rows };
  }

  #readingOf({ kind, columns }: Announcement, rowsBefore: number) {
    return kind === 'clicks' ? { columns: clickColumns, take: clickTaker(this.#clicks) } : this.#summaries.reading(columns, rowsBefore);
  }

  /** The sessions of each kind that has any. */
  kinds(): SessionKinds {
    const [clicks, summaries] = [this.#clicks.build(), this.#summaries.dataset()];
    return { ...(clicks.sessions.id.length > 0 ? { clicks } : {}), ...(summaries ? { summaries } : {}) };
  }
}

/** What the report tells of the sessions; of both kinds, if there are both, by kind. */
export function sessionFigures({ clicks, summaries }: SessionKinds): Readonly<Record<string, unknown>> {
  if (clicks && summaries) return { clicks: clickReport(clicks), summaries: summaryReport(summaries) };
  return clicks ? clickReport(clicks) : summaries ? summaryReport(summaries) : {};
}

function otherColumns(format: string): Error {
  const message = `the ${format} file has neither the columns of click events (${clickColumns.required.join(', ')}) nor those of session summaries (${requiredNames.join(', ')})`;
  return sessionErrors.error('MILLRACE_SESSIONS_COLUMNS', message, { detail: { format } });
}
