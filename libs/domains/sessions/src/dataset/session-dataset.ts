import type { SourceFile } from '@millrace/domain';
import type { ClickDataset } from '../clicks/click-dataset.js';
import { sessionErrors } from '../errors.js';
import type { SummaryDataset } from '../summaries/summary-dataset.js';

/** Sessions with their clicks, sessions summed up, or both, depending on what was sent. Nothing joins the two kinds. */
export interface SessionKinds {
  readonly clicks?: ClickDataset;
  readonly summaries?: SummaryDataset;
}

export interface SessionDataset extends SessionKinds {
  /** What it was made of, in that order. */
  readonly files: readonly SourceFile[];
}

const version = 2;

export const encodeDataset = (dataset: SessionDataset): Uint8Array => Buffer.from(JSON.stringify({ version, ...dataset }));

/** Throws MILLRACE_SESSIONS_DATASET_VERSION for anything but what `encodeDataset` wrote. The bytes come verified from the artifact store. */
export function decodeDataset(bytes: Uint8Array): SessionDataset {
  const { version: found, ...dataset } = JSON.parse(new TextDecoder().decode(bytes)) as SessionDataset & { readonly version: unknown };
  if (found === version) return dataset;
  throw sessionErrors.error('MILLRACE_SESSIONS_DATASET_VERSION', `the dataset is not of version ${version}; send the data again`);
}
