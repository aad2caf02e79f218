import type { ArtifactRef } from '@millrace/contracts';
import type { ModelDefinition } from '@millrace/models';
import type { AnyTask, Task } from '@millrace/tasks';

/** The beginning of what was sent in, enough to tell what it is. */
export interface PayloadSample {
  /** Media type without parameters, lower case. */
  readonly contentType: string;
  readonly filename?: string;
  /** The first bytes (at most 64 KiB) as UTF-8 text; the last line may be cut. */
  readonly head: string;
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
  /** `<name>.dataset`. */
  readonly dataset: Task<[raw: ArtifactRef], DatasetResult>;
  /** `<name>.<analysis>`. */
  readonly analyses: ReadonlyArray<Task<[dataset: ArtifactRef], Insight>>;
  /** Models that the analyses use, loaded before the first message. */
  readonly models: readonly ModelDefinition[];
}

/** Declares a domain; an identity function that keeps types. */
export const defineDomain = (domain: Domain): Domain => domain;

/** Every task of a domain. */
export const tasksOf = (domain: Domain): readonly AnyTask[] => [domain.dataset, ...domain.analyses];
