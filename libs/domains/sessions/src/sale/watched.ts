import { saleCategory } from '../clicks/click.js';
import { type ClickDataset, clicksOf } from '../clicks/click-dataset.js';

/** Clicks after which the prediction is made; the model's figures are for this number. */
export const watchedClicks = 5;

export interface WatchedSessions {
  /** Sessions to predict for: `watchedClicks` clicks from the first on, none of them on the sale. */
  readonly sessions: readonly number[];
  /** For each of them, whether a later click was on the sale. */
  readonly lookedLater: readonly boolean[];
  /** Sessions with fewer clicks. */
  readonly tooShort: number;
  /** Sessions of which one of the first clicks is not in the data. */
  readonly beginningMissing: number;
  /** Sessions that are on the sale within the first clicks. */
  readonly alreadyAtSale: number;
}

/** Sorts the sessions into those to predict for and those that there is nothing to predict for. */
export function watchedSessions(dataset: ClickDataset): WatchedSessions {
  const sessions: number[] = [];
  const counts = { tooShort: 0, beginningMissing: 0, alreadyAtSale: 0 };
  for (const session of dataset.sessions.id.keys()) {
    const obstacle = obstacleTo(dataset, session);
    if (obstacle) counts[obstacle] += 1;
    else sessions.push(session);
  }
  return { sessions, lookedLater: sessions.map((session) => looksLater(dataset, session)), ...counts };
}

function obstacleTo(dataset: ClickDataset, session: number): 'tooShort' | 'beginningMissing' | 'alreadyAtSale' | undefined {
  const { order, category } = dataset.clicks;
  const [from, to] = clicksOf(dataset, session);
  if (to - from < watchedClicks) return 'tooShort';
  if (order[from + watchedClicks - 1] !== watchedClicks) return 'beginningMissing';
  return category.slice(from, from + watchedClicks).includes(saleCategory) ? 'alreadyAtSale' : undefined;
}

function looksLater(dataset: ClickDataset, session: number): boolean {
  const [from, to] = clicksOf(dataset, session);
  return dataset.clicks.category.slice(from + watchedClicks, to).includes(saleCategory);
}
