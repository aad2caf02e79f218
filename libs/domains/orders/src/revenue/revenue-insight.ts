import { amountOf } from '../money.js';
import { at, rounded } from '../numbers.js';
import { formatDay } from '../shop-time.js';
import { type Outlook, week } from './outlook.js';
import type { Sales } from './sales.js';

/** In ten-thousandths. */
export interface Forecast {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  readonly days: readonly number[];
}

/** The next seven days from the model's three logarithms, which are put in order. */
export function forecastOf({ level, shares }: Outlook, logRatios: Float32Array): Forecast {
  const [low = 0, expected = 0, high = 0] = [...logRatios].toSorted((a, b) => a - b).map((ratio) => level * Math.exp(ratio));
  return { low, expected, high, days: shares.map((share) => share * expected) };
}

/** Amounts are in the export's currency. Without a forecast, `note` says why. */
export function revenueInsight(sales: Sales, weeks: number, forecast: Forecast | undefined) {
  const last7Days = sales.net.slice(-week).reduce((sum, value) => sum + value, 0);
  const common = { asOf: formatDay(sales.lastDay), weeksUsed: weeks, last7Days: amount(last7Days) };
  if (!forecast) return { ...common, next7Days: null, days: [], note: 'a forecast takes a whole week with orders of goods' };
  return {
    ...common,
    next7Days: { expected: amount(forecast.expected), low: amount(forecast.low), high: amount(forecast.high) },
    change: last7Days > 0 ? rounded(forecast.expected / last7Days - 1, 4) : null,
    days: forecast.days.map((expected, index) => ({ date: formatDay(sales.lastDay + 1 + index), expected: amount(expected), sameDayLastWeek: amount(at(sales.net, sales.net.length - week + index)) })),
  };
}

const amount = (value: number): number => amountOf(BigInt(Math.round(value)));
