/** Scores from 1 (worst) to 5 (best). */
export interface Scores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

type Rule = (scores: Scores, worth: number, orders: number) => boolean;

/** Tried from the top; `worth` is frequency + monetary, 2 to 10. */
const rules = {
  champions: ({ recency, frequency, monetary }) => recency >= 4 && frequency >= 4 && monetary >= 4,
  loyal: ({ recency }, worth) => recency >= 3 && worth >= 7,
  new: ({ recency }, _, orders) => recency >= 4 && orders === 1,
  promising: ({ recency }) => recency >= 3,
  'cannot lose': (_, worth) => worth >= 9,
  'at risk': (_, worth) => worth >= 6,
  hibernating: () => true,
} satisfies Record<string, Rule>;

export type Segment = keyof typeof rules;

/** In the order in which they are reported. */
export const segments = Object.keys(rules) as readonly Segment[];

export function segmentOf(scores: Scores, orders: number): Segment {
  const worth = scores.frequency + scores.monetary;
  return segments.find((segment) => (rules[segment] as Rule)(scores, worth, orders)) ?? 'hibernating';
}
