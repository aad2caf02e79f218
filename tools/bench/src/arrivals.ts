import type { Random } from '@millrace/kernel';

/** When ingestions begin, in milliseconds from the start of the load: `rate` a second for `seconds`, evenly spaced. */
export function uniformArrivals(rate: number, seconds: number): number[] {
  return Array.from({ length: Math.round(rate * seconds) }, (_, n) => (n * 1000) / rate);
}

/** The same at random (a Poisson process): independent gaps with a mean of 1/`rate` seconds. */
export function poissonArrivals(rate: number, seconds: number, random: Random): number[] {
  const arrivals: number[] = [];
  const gap = () => (-Math.log(1 - random.next()) * 1000) / rate;
  for (let at = gap(); at < seconds * 1000; at += gap()) arrivals.push(at);
  return arrivals;
}
