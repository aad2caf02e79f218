import type { Insight } from './domain.js';

/** What a domain's tasks made of its data. */
export interface Findings {
  /** That of the dataset task. */
  readonly report: Readonly<Record<string, unknown>>;
  /** By the last segment of the analysis' name; of analyses that failed there is none. */
  readonly insights: Readonly<Record<string, Insight>>;
}

/** What a summary says of a domain. */
export interface DomainSummary {
  /** In plain English, one finding each, without anything that customers wrote or are called. */
  readonly sentences: readonly string[];
  readonly figures: Readonly<Record<string, number | string | null>>;
}
