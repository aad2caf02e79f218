import { median, shareOf, sumOf } from '../numbers.js';
import { pagesOf, secondsOf, type SummaryDataset } from '../summaries/summary-dataset.js';
import { type Rule, segmented } from './rules.js';

/** What the rules look at. */
export interface SummaryFacts {
  readonly productPages: number;
  /** Of account, help and the like: administrative and informational ones. */
  readonly otherPages: number;
  /** On all pages. */
  readonly seconds: number;
}

/** Tried from the top. */
export const summaryRules: ReadonlyArray<Rule<SummaryFacts>> = [
  { name: 'left at once', rule: 'at most one page, or no time on any', holds: ({ productPages, otherPages, seconds }) => productPages + otherPages <= 1 || seconds === 0 },
  { name: 'researching', rule: '60 product pages or an hour', holds: ({ productPages, seconds }) => productPages >= 60 || seconds >= 3_600 },
  { name: 'account and help', rule: 'at least 4 other pages, and more than half as many as product pages', holds: ({ productPages, otherPages }) => otherPages >= 4 && otherPages > productPages / 2 },
  { name: 'comparing and reading', rule: 'at least 12 product pages and 3 others', holds: ({ productPages, otherPages }) => productPages >= 12 && otherPages >= 3 },
  { name: 'quick look', rule: 'fewer than 10 product pages in less than 5 minutes', holds: ({ productPages, seconds }) => productPages < 10 && seconds < 300 },
  { name: 'browsing', rule: 'all others', holds: () => true },
];

/** Sizes and typical figures of the segments; with Revenue their rate of purchases as well. */
export function summarySegments(dataset: SummaryDataset) {
  const facts = dataset.row.map((_, session) => factsOf(dataset, session));
  return segmented(summaryRules, facts).map(({ name, rule, members }) => {
    const { Revenue } = dataset.columns;
    return {
      name,
      rule,
      sessions: members.length,
      share: shareOf(members.length, facts.length),
      medianProductPages: median(members.map((session) => facts[session]?.productPages ?? 0)),
      medianSeconds: Math.round(median(members.map((session) => facts[session]?.seconds ?? 0))),
      ...(Revenue ? { purchaseRate: shareOf(sumOf(members.map((session) => Revenue[session] ?? 0)), members.length) } : {}),
    };
  });
}

function factsOf(dataset: SummaryDataset, session: number): SummaryFacts {
  const productPages = dataset.columns.ProductRelated[session] ?? 0;
  return { productPages, otherPages: pagesOf(dataset, session) - productPages, seconds: secondsOf(dataset, session) };
}
