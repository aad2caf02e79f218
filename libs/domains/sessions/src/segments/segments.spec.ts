import { describe, expect, it } from 'vitest';
import { type ClickFacts, clickRules } from './click-segments.js';
import { segmented } from './rules.js';
import { type SummaryFacts, summaryRules } from './summary-segments.js';

describe('segments of session summaries', () => {
  const segmentOf = (productPages: number, otherPages: number, seconds: number) => {
    const facts: SummaryFacts = { productPages, otherPages, seconds };
    return segmented(summaryRules, [facts]).find(({ members }) => members.length > 0)?.name;
  };

  it.each([
    [1, 0, 90, 'left at once'],
    [0, 0, 0, 'left at once'],
    [8, 2, 0, 'left at once'],
    [60, 0, 100, 'researching'],
    [12, 5, 3_600, 'researching'],
    [7, 4, 100, 'account and help'],
    [8, 4, 299, 'quick look'],
    [12, 3, 100, 'comparing and reading'],
    [2, 0, 10, 'quick look'],
    [9, 3, 300, 'browsing'],
    [59, 2, 3_599, 'browsing'],
  ])('%i product pages, %i others, %i s: %4$s', (productPages, otherPages, seconds, segment) => {
    expect(segmentOf(productPages, otherPages, seconds)).toBe(segment);
  });
});

describe('segments of click sessions', () => {
  const segmentOf = (facts: ClickFacts) => segmented(clickRules, [facts]).find(({ members }) => members.length > 0)?.name;

  it.each([
    ['one click', { clicks: 1, saleClicks: 1, dearShare: 1, mainCategoryShare: 1 }],
    ['bargain hunters', { clicks: 30, saleClicks: 15, dearShare: 0, mainCategoryShare: 0.5 }],
    ['thorough', { clicks: 20, saleClicks: 9, dearShare: 1, mainCategoryShare: 0.5 }],
    ['quick look', { clicks: 4, saleClicks: 1, dearShare: 1, mainCategoryShare: 0.75 }],
    ['premium', { clicks: 8, saleClicks: 0, dearShare: 0.75, mainCategoryShare: 1 }],
    ['one category', { clicks: 5, saleClicks: 0, dearShare: 0.5, mainCategoryShare: 0.8 }],
    ['strolling', { clicks: 5, saleClicks: 1, dearShare: 0.6, mainCategoryShare: 0.6 }],
  ])('%s: %j', (segment, facts) => {
    expect(segmentOf(facts)).toBe(segment);
  });
});

describe('segmented', () => {
  it('puts each session into one segment, the first whose rule holds', () => {
    const rules = [
      { name: 'even', rule: '', holds: (number: number) => number % 2 === 0 },
      { name: 'small', rule: '', holds: (number: number) => number < 5 },
      { name: 'rest', rule: '', holds: () => true },
    ];
    expect(segmented(rules, [1, 2, 8, 9]).map(({ members }) => members)).toEqual([[1, 2], [0], [3]]);
  });
});
