import type { ArtifactRef } from '@millrace/contracts';
import type { ModelDefinition } from '@millrace/models';
import type { AnyTask, CachePolicy, Task } from '@millrace/tasks';
import type { DomainSummary, Findings } from './summary.js';

/** The beginning of what was sent in, enough to tell what it is. */
export interface PayloadSample {
  /** Media type without parameters, lower case. */
  readonly contentType: string;
  readonly filename?: string;
  /** The text of the first bytes (at most 64 KiB), expanded if they are compressed; the last line may be cut. */
  readonly head: string;
  /** Why there is no such text. */
  readonly fault?: string;
}

/** What a dataset task returns: where the dataset lies, and a report that goes into the callback. */
export interface DatasetResult {
  readonly dataset: ArtifactRef;
  readonly report: Readonly<Record<string, unknown>>;
}

/** What an analysis returns: plain JSON for the callback. */
export interface Insight {
  /** The model behind it, if any: `<name>@<version>`. */
  readonly model?: string;
  readonly [key: string]: unknown;
}

/** A business area: one dataset task and the analyses over it. One folder under libs/domains. */
export interface Domain {
  /** Lower-case letters, digits and dashes; the first segment of its task names. */
  readonly name: string;
  /** Whether the data is this domain's. */
  accepts(sample: PayloadSample): boolean;
  /** `<name>.dataset`: makes one dataset of all files that are this domain's, in the order they came. */
  readonly dataset: Task<[files: readonly ArtifactRef[]], DatasetResult>;
  /** `<name>.<analysis>`. */
  readonly analyses: ReadonlyArray<Task<[dataset: ArtifactRef], Insight>>;
  /** Models that the analyses use, loaded before the first message. */
  readonly models: readonly ModelDefinition[];
  /** What an ingestion's summary says of the domain; without it the domain has no part in one. */
  readonly summarise?: (findings: Findings) => DomainSummary;
}

export interface DomainInit extends Domain {
  /** For how long results of its tasks are given again for the same bytes; `version` is that of the domain's code. See docs/result-cache.md. */
  readonly cache?: Pick<CachePolicy, 'version' | 'ttlMs'>;
}

/** Declares a domain. */
export function defineDomain({ cache, ...domain }: DomainInit): Domain {
  if (!cache) return domain;
  const { dataset, analyses, models } = domain;
  return {
    ...domain,
    dataset: { ...dataset, policy: { ...dataset.policy, cache } },
    analyses: analyses.map((analysis) => ({ ...analysis, policy: { ...analysis.policy, cache: { ...cache, models } } })),
  };
}

/** Every task of a domain. */
export const tasksOf = (domain: Domain): readonly AnyTask[] => [domain.dataset, ...domain.analyses];
