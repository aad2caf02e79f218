const wholeNumber = /^\d{1,9}$/;
const decimal = /^\d{1,15}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/;

/** Undefined unless the text is a whole number from `least` to `most`. */
export function parseWhole(text: string, least: number, most: number): number | undefined {
  const number = wholeNumber.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}

/** Undefined unless the text is a decimal number, without a sign, of at most `most`; `6.1e-05` is one too. */
export function parseDecimal(text: string, most: number): number | undefined {
  const number = decimal.test(text) ? Number(text) : NaN;
  return number <= most ? number : undefined;
}

/** Four decimals, for shares, rates and probabilities. */
export const fourDecimals = (value: number): number => Math.round(value * 10_000) / 10_000;

/** A part of a whole with four decimals; 0 of nothing. */
export const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : fourDecimals(part / whole));

/** The lower median; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

export const sumOf = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};
