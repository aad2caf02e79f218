import { type Insight, placeOf, type SourceFile } from '@millrace/domain';
import { type Band, bandFigures, observedFigures, oneDecimal } from '../bands.js';
import { fourDecimals, sumOf } from '../numbers.js';
import { highest } from '../scoring.js';
import type { SummaryDataset } from '../summaries/summary-dataset.js';

interface Sessions {
  readonly files: readonly SourceFile[];
  readonly summaries: SummaryDataset;
}

const listed = 10;

const bands: readonly Band[] = [
  { name: 'likely', from: 0.5 },
  { name: 'possible', from: 0.2 },
  { name: 'unlikely', from: 0 },
];

const hindsight = 'PageValues is worked out from orders, so these are judgements of finished sessions; send the export without it for predictions that know nothing of an order.';

/** `scores` holds the probability of a purchase for each session. What came of them is told when Revenue was sent. */
export function purchaseInsight({ files, summaries }: Sessions, scores: Float32Array): Insight {
  const { PageValues, Revenue } = summaries.columns;
  const bought = Revenue?.map((revenue) => revenue === 1);
  return {
    available: true,
    seesPageValues: PageValues !== undefined,
    ...(PageValues ? { note: hindsight } : {}),
    sessions: scores.length,
    expectedPurchases: oneDecimal(sumOf(scores)),
    bands: bandFigures(bands, scores, bought),
    ...(bought ? { observed: observedFigures(scores, bought) } : {}),
    top: highest(scores, listed).map((session) => ({ ...placeOf(files, summaries.row[session] ?? 0), ...describe(summaries, session, scores) })),
  };
}

const describe = ({ columns }: SummaryDataset, session: number, scores: Float32Array) => ({
  score: fourDecimals(scores[session] ?? 0),
  productPages: columns.ProductRelated[session] ?? 0,
  productSeconds: Math.round(columns.ProductRelated_Duration[session] ?? 0),
  exitRate: fourDecimals(columns.ExitRates[session] ?? 0),
  ...(columns.PageValues ? { pageValue: oneDecimal(columns.PageValues[session] ?? 0) } : {}),
});
