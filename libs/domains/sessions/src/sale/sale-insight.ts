import type { Insight } from '@millrace/domain';
import { type Band, bandFigures, observedFigures, oneDecimal } from '../bands.js';
import { type ClickDataset, clicksOf } from '../clicks/click-dataset.js';
import { formatDay } from '../day.js';
import { fourDecimals, sumOf } from '../numbers.js';
import { highest } from '../scoring.js';
import { shortText } from '../short-text.js';
import { watchedClicks, type WatchedSessions } from './watched.js';

const listed = 10;

/** About a third of the sessions that get so far look at the sale later. */
const bands: readonly Band[] = [
  { name: 'high', from: 0.5 },
  { name: 'middle', from: 0.25 },
  { name: 'low', from: 0 },
];

const categories = ['', 'trousers', 'skirts', 'blouses'] as const;

/** `scores` holds the probability of a later look at the sale for each watched session; the later clicks tell what came of them. */
export function saleInsight(dataset: ClickDataset, watched: WatchedSessions, scores: Float32Array): Insight {
  const { sessions, lookedLater, tooShort, beginningMissing, alreadyAtSale } = watched;
  return {
    available: true,
    watchedClicks,
    sessions: dataset.sessions.id.length,
    scored: sessions.length,
    tooShort,
    beginningMissing,
    alreadyAtSale,
    expectedLooks: oneDecimal(sumOf(scores)),
    bands: bandFigures(bands, scores, lookedLater),
    observed: observedFigures(scores, lookedLater),
    top: highest(scores, listed).map((place) => ({ score: fourDecimals(scores[place] ?? 0), ...describe(dataset, sessions[place] ?? 0) })),
  };
}

function describe(dataset: ClickDataset, session: number) {
  const [from] = clicksOf(dataset, session);
  const now = dataset.clicks.category[from + watchedClicks - 1] ?? 0;
  return {
    session: shortText(dataset.sessions.id[session] ?? ''),
    day: formatDay(dataset.sessions.day[session] ?? 0),
    country: dataset.sessions.country[session] ?? 0,
    nowAt: categories[now] ?? '',
  };
}
