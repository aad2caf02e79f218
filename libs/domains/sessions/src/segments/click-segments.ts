import { saleCategory } from '../clicks/click.js';
import { type ClickDataset, clicksOf } from '../clicks/click-dataset.js';
import { median, shareOf, sumOf } from '../numbers.js';
import { type Rule, segmented } from './rules.js';

/** What the rules look at. Shares are of the session's clicks. */
export interface ClickFacts {
  readonly clicks: number;
  readonly saleClicks: number;
  /** On products above their category's mean price. */
  readonly dearShare: number;
  /** On the category with the most clicks. */
  readonly mainCategoryShare: number;
}

/** Tried from the top. */
export const clickRules: ReadonlyArray<Rule<ClickFacts>> = [
  { name: 'one click', rule: 'a single click', holds: ({ clicks }) => clicks === 1 },
  { name: 'bargain hunters', rule: 'half of the clicks on the sale', holds: ({ clicks, saleClicks }) => saleClicks >= clicks / 2 },
  { name: 'thorough', rule: '20 clicks', holds: ({ clicks }) => clicks >= 20 },
  { name: 'quick look', rule: 'fewer than 5 clicks', holds: ({ clicks }) => clicks < 5 },
  { name: 'premium', rule: 'three quarters of the clicks on products above their category’s mean price', holds: ({ dearShare }) => dearShare >= 0.75 },
  { name: 'one category', rule: 'four fifths of the clicks on one category', holds: ({ mainCategoryShare }) => mainCategoryShare >= 0.8 },
  { name: 'strolling', rule: 'all others', holds: () => true },
];

/** Sizes and typical figures of the segments. */
export function clickSegments(dataset: ClickDataset) {
  const facts = dataset.sessions.id.map((_, session) => factsOf(dataset, session));
  const total = sumOf(facts.map(({ clicks }) => clicks));
  return segmented(clickRules, facts).map(({ name, rule, members }) => {
    const clicks = members.map((session) => facts[session]?.clicks ?? 0);
    return {
      name,
      rule,
      sessions: members.length,
      share: shareOf(members.length, facts.length),
      clickShare: shareOf(sumOf(clicks), total),
      medianClicks: median(clicks),
      saleShare: shareOf(sumOf(members.map((session) => facts[session]?.saleClicks ?? 0)), sumOf(clicks)),
    };
  });
}

function factsOf(dataset: ClickDataset, session: number): ClickFacts {
  const [from, to] = clicksOf(dataset, session);
  const categories = dataset.clicks.category.slice(from, to);
  const clicks = categories.length;
  const on = (category: number): number => categories.filter((each) => each === category).length;
  return {
    clicks,
    saleClicks: on(saleCategory),
    dearShare: sumOf(dataset.clicks.dear.slice(from, to)) / clicks,
    mainCategoryShare: Math.max(...[1, 2, 3, saleCategory].map(on)) / clicks,
  };
}
