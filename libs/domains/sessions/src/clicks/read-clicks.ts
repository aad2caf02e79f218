import type { RowReport } from '@millrace/frame';
import type { RowSource } from '../dataset/row-source.js';
import { formatDay } from '../day.js';
import { clickColumns, parseClick } from './click.js';
import { ClickBuilder } from './click-builder.js';
import type { ClickDataset } from './click-dataset.js';

export interface ReadClicks {
  readonly dataset: ClickDataset;
  readonly rows: RowReport;
}

/** Turns click events into sessions. Throws MILLRACE_ROWS_… for a file that cannot be read. */
export function readClicks(source: RowSource): ReadClicks {
  const builder = new ClickBuilder();
  const rows = source.read(clickColumns, (cells) => {
    const click = parseClick(cells);
    return typeof click === 'string' ? click : builder.add(click);
  });
  return { dataset: builder.build(), rows };
}

/** What the report tells of usable clicks. `modelsInSeveralCategories` are likely mistyped: a product stands in one category. */
export function clickReport({ models, sessions, clicks }: ClickDataset) {
  const categories = new Map<number, Set<number>>();
  for (const [click, model] of clicks.model.entries()) {
    const seen = categories.get(model) ?? new Set();
    categories.set(model, seen.add(clicks.category[click] ?? 0));
  }
  return {
    sessions: sessions.id.length,
    models: models.length,
    modelsInSeveralCategories: [...categories.values()].filter(({ size }) => size > 1).length,
    sessionsWithGaps: sessions.id.filter((_, session) => hasGaps(sessions.start, clicks.order, session)).length,
    countries: new Set(sessions.country).size,
    firstDay: formatDay(sessions.day.reduce((first, day) => Math.min(first, day), Infinity)),
    lastDay: formatDay(sessions.day.reduce((last, day) => Math.max(last, day), -Infinity)),
  };
}

/** Whether a session's clicks are not numbered 1, 2, 3 … */
function hasGaps(start: readonly number[], order: readonly number[], session: number): boolean {
  const [from = 0, to = 0] = [start[session], start[session + 1]];
  return order[to - 1] !== to - from;
}
