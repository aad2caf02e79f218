import { at } from '../numbers.js';
import type { Sales } from './sales.js';

/**
 * The columns of the model's input. The Python twin is tools/models/orders-revenue/features.py; change both or neither.
 * Large orders are counted as far as a cap only, so that they do not pass for demand.
 */
export const featureNames = ['weeks', 'last_week', 'large_orders'] as const;

export type Features = Readonly<Record<(typeof featureNames)[number], number>>;

/** What the last weeks of an export say about the next one. */
export interface Outlook {
  /** How many weeks count. */
  readonly weeks: number;
  /** The usual value of a week's orders, as far as the cap; in ten-thousandths. */
  readonly level: number;
  readonly features: Features;
  /** What each of the next seven days has of a week; together 1. */
  readonly shares: readonly number[];
}

export const week = 7;
/** What a week counts against the one after it. */
const decay = 0.7;
const capQuantile = 0.95;
const smallestRatio = 1 / 16;

/** Undefined without a whole week, or without orders in the weeks that count. */
export function outlookOf({ orders }: Sales): Outlook | undefined {
  const weeks = Math.floor(orders.length / week);
  const recent = orders.slice(orders.length - weeks * week);
  const values = Float64Array.from(recent.flat()).sort();
  if (values.length === 0) return undefined;
  const cap = at(values, Math.floor(capQuantile * (values.length - 1)));
  const capped = recent.map((day) => day.reduce((sum, value) => sum + Math.min(value, cap), 0));
  const whole = recent.map((day) => day.reduce((sum, value) => sum + value, 0));
  const level = usual(weekly(capped));
  const features = { weeks: 1 / weeks, last_week: logRatio(at(weekly(capped), 0), level), large_orders: logRatio(usual(weekly(whole)), level) };
  const shares = Array.from({ length: week }, (_, day) => usual(latestFirst(capped.filter((_amount, index) => index % week === day))) / level);
  return { weeks, level, features, shares };
}

/** Sums of seven days each, the latest week first. */
const weekly = (days: readonly number[]): number[] =>
  latestFirst(Array.from({ length: days.length / week }, (_, number) => days.slice(number * week, (number + 1) * week).reduce((sum, value) => sum + value, 0)));

const latestFirst = (values: readonly number[]): number[] => values.toReversed();

/** The weighted mean of weeks, the latest first. */
function usual(byWeek: readonly number[]): number {
  const weights = byWeek.map((_, age) => decay ** age);
  return byWeek.reduce((sum, value, age) => sum + value * at(weights, age), 0) / weights.reduce((sum, weight) => sum + weight, 0);
}

const logRatio = (part: number, of: number): number => Math.log(Math.max(part / of, smallestRatio));
