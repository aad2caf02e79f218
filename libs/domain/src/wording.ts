/** Numbers and sentences of summaries, in English. */

const plain = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 0 });

/** `12,345.6`; at most two decimals. */
export const inWords = (value: number): string => plain.format(value);

/** `1 order`, `2 orders`. */
export const countOf = (count: number, one: string, several = `${one}s`): string => `${inWords(count)} ${count === 1 ? one : several}`;

/** `38%`, of a share from 0 to 1. */
export const percentOf = (share: number): string => percent.format(share);

/** Of a dataset's report: how many rows were sent, how many can be used and why the others were left out. */
export function usability(report: Readonly<Record<string, unknown>>, counted: 'rows' | 'lines' = 'rows') {
  const [sent, accepted] = [Number(report[counted]), Number(report['accepted'])];
  const reasons = Object.entries((report['rejected'] ?? {}) as Readonly<Record<string, number>>).toSorted(([, a], [, b]) => b - a);
  const why = reasons.map(([reason, count]) => `${inWords(count)} × ${reason}`).join(', ');
  const of = counted === 'lines' ? 'line' : 'row';
  const all = sent === 1 ? `The 1 ${of} can be used.` : `All ${countOf(sent, of)} can be used.`;
  const sentence = why === '' ? all : `Of ${countOf(sent, of)} ${inWords(accepted)} can be used; the others were left out (${why}).`;
  return { sentence, figures: { [counted]: sent, accepted, leftOut: sent - accepted } };
}
