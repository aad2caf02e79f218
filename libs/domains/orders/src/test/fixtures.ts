import { readFileSync } from 'node:fs';

/** What fixtures/make-expected.py writes. */
export interface ExpectedExport {
  readonly report: Readonly<Record<string, unknown>>;
  readonly segments: Readonly<Record<string, unknown>>;
}

/** What tools/models/orders-anomalies/fixture.py writes. */
export interface ExpectedAnomalies {
  readonly lines: number;
  readonly invoices: number;
  readonly threshold: number;
  readonly flagged: number;
  readonly scoreSum: number;
  readonly featureSums: Readonly<Record<string, number>>;
  readonly top: ReadonlyArray<{ readonly invoice: string; readonly score: number }>;
  /** The features of each line and its score; of the sample only. */
  readonly perLine?: ReadonlyArray<readonly number[]>;
}

/** For specs. */
export const fixture = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')) as T;
