import type { TakeRow } from '@millrace/frame';
import { formatDay } from '../day.js';
import { parseClick } from './click.js';
import type { ClickBuilder } from './click-builder.js';
import type { ClickDataset } from './click-dataset.js';

/** Puts the click events of a file to those of the files before it. */
export const clickTaker =
  (builder: ClickBuilder): TakeRow =>
  (cells) => {
    const click = parseClick(cells);
    return typeof click === 'string' ? click : builder.add(click);
  };

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
