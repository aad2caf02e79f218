import type { SourceFile } from '@millrace/domain';
import { feedbackErrors } from '../errors.js';

/** Usable messages as columns of equal length. Texts are normalised and masked. */
export interface FeedbackDataset {
  /** What it was made of, in that order. */
  readonly files: readonly SourceFile[];
  /** The row, counted from 1 through all files. */
  readonly row: readonly number[];
  /** Empty for messages without one. */
  readonly title: readonly string[];
  /** Empty for reviews of a title alone. */
  readonly text: readonly string[];
  readonly english: readonly boolean[];
  /** 1 to 5 as the reviewer gave it; 0 for none. */
  readonly rating: readonly number[];
  /** What the reviewer said; null for nothing. */
  readonly recommended: ReadonlyArray<boolean | null>;
  /** As the file names it; empty for none. */
  readonly department: readonly string[];
}

const version = 2;

export const encodeDataset = (dataset: FeedbackDataset): Uint8Array => Buffer.from(JSON.stringify({ version, ...dataset }));

/** Throws MILLRACE_FEEDBACK_DATASET_VERSION for anything but what `encodeDataset` wrote. The bytes come verified from the artifact store. */
export function decodeDataset(bytes: Uint8Array): FeedbackDataset {
  const { version: found, ...dataset } = JSON.parse(new TextDecoder().decode(bytes)) as FeedbackDataset & { readonly version: unknown };
  if (found === version) return dataset;
  throw feedbackErrors.error('MILLRACE_FEEDBACK_DATASET_VERSION', `the dataset is not of version ${version}; send the data again`);
}
