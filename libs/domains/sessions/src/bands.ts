import { rocAuc } from './roc-auc.js';
import { fourDecimals, shareOf, sumOf } from './numbers.js';

/** A range of probabilities, from `from` to the next higher band. */
export interface Band {
  readonly name: string;
  readonly from: number;
}

/** How many sessions lie in each band, and how many of them were positive where that is known. Bands from the highest down, the last from 0. */
export function bandFigures(bands: readonly Band[], scores: Float32Array, positive: readonly boolean[] | undefined) {
  return bands.map(({ name, from }, place) => {
    const below = bands[place - 1]?.from ?? Infinity;
    const members = [...scores.keys()].filter((row) => (scores[row] ?? 0) >= from && (scores[row] ?? 0) < below);
    const known = positive ? { observedRate: shareOf(members.filter((row) => positive[row]).length, members.length) } : {};
    return { name, from, sessions: members.length, expected: oneDecimal(sumOf(members.map((row) => scores[row] ?? 0))), ...known };
  });
}

/** What came of the scored sessions, and how well the scores ranked them; `auc` is null when all came to the same. */
export function observedFigures(scores: Float32Array, positive: readonly boolean[]) {
  const positives = positive.filter(Boolean).length;
  const auc = rocAuc(scores, positive);
  return { positives, rate: shareOf(positives, positive.length), auc: auc === null ? null : fourDecimals(auc) };
}

export const oneDecimal = (value: number): number => Math.round(value * 10) / 10;
