/** Money as a whole number of ten-thousandths of the currency unit, so that sums are exact. */
export type Money = bigint;

/** How many of the parts that prices are counted in make a currency unit. */
export const pricesPerUnit = 10_000;

const price = /^(-?)(\d{1,9})(?:\.(\d{1,4}))?$/;

/** Ten-thousandths; undefined unless the text is a plain decimal number with at most four decimals. */
export function parsePrice(text: string): number | undefined {
  const [match, sign, whole, fraction = ''] = price.exec(text) ?? [];
  if (match === undefined) return undefined;
  const amount = Number(whole) * pricesPerUnit + Number(fraction.padEnd(4, '0'));
  return sign === '-' ? -amount : amount;
}

/** What a line comes to. */
export const lineValue = (quantity: number, price: number): Money => BigInt(quantity) * BigInt(price);

/** In currency units, rounded to the hundredth, halves away from zero. */
export function amountOf(money: Money): number {
  const size = money < 0n ? -money : money;
  const hundredths = Number((size + 50n) / 100n);
  return (money < 0n ? -hundredths : hundredths) / 100;
}
