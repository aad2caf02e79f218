import { readFileSync } from 'node:fs';
import type { Message } from '../text/ngrams.js';

/** A made-up message as it would be sent. */
export interface SentMessage {
  readonly title?: string;
  readonly text: string;
}

/** What tools/models/feedback/train.py writes for each of the made-up messages. */
export interface ExpectedScores {
  /** Different buckets. */
  readonly buckets: number;
  /** Of bucket × count. */
  readonly sum: number;
  /** scikit-learn's. */
  readonly scores: readonly number[];
}

/** What tools/models/feedback/train.py writes about a model, as far as specs look at it. */
export interface Metrics {
  readonly sha256: string;
  readonly labels: readonly string[];
  readonly goal: Readonly<Record<string, number>>;
  readonly demo: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Of all scores of a demo set. */
  readonly scikitLearnScoreSums: Readonly<Record<string, number>>;
  readonly demoWithoutNone?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const read = <T>(file: URL): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/** For specs. */
export const fixture = <T>(name: string): T => read(new URL(`../../fixtures/${name}.json`, import.meta.url));
export const metricsOf = (name: string): Metrics => read(new URL(`../../../../../tools/models/feedback/${name}.json`, import.meta.url));
export const sentMessages = (): readonly SentMessage[] => fixture('messages');
export const maskedMessages = (): readonly Message[] => fixture('masked');
