import { readFileSync } from 'node:fs';

/** What tools/models/sessions-purchase/train.py writes: each row's features and, last, scikit-learn's probability. */
export interface ExpectedPurchases {
  readonly features: readonly string[];
  readonly demo: { readonly sessions: number; readonly purchases: number; readonly auc: number; readonly scoreSum: number };
  readonly perRow: ReadonlyArray<readonly number[]>;
}

/** What tools/models/sessions-sale/train.py writes: each session's id, features and, last, scikit-learn's probability. */
export interface ExpectedLooks {
  readonly features: readonly string[];
  readonly demo: { readonly sessions: number; readonly lookedAtSale: number; readonly auc: number; readonly scoreSum: number };
  readonly sessions: number;
  readonly lookedAtSale: number;
  readonly auc: number;
  readonly perSession: ReadonlyArray<readonly [id: string, ...numbers: number[]]>;
}

/** What make-expected.py writes for one export: the report's figures and the segments. */
export interface ExpectedExport {
  readonly report: Readonly<Record<string, unknown>>;
  readonly segments: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

export type ExpectedExports = Readonly<Record<'clicks' | 'summaries' | 'demoClicks' | 'demoSummaries', ExpectedExport>>;

const folder = new URL('../../fixtures/', import.meta.url);

/** For specs. */
export const fixtureFile = (name: string): URL => new URL(name, folder);

/** For specs. */
export const fixture = <T>(name: string): T => JSON.parse(readFileSync(fixtureFile(name), 'utf8')) as T;
