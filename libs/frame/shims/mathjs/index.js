'use strict';
// danfojs-node uses mean, median, mode, std and variance of mathjs 9; each takes an array or several numbers

function numbersOf(args) {
  const numbers = args.length === 1 && typeof args[0] === 'object' && args[0] !== null ? Array.from(args[0]) : args;
  if (numbers.length === 0) throw new Error('Cannot calculate of an empty array');
  return numbers;
}

function mean(...args) {
  const numbers = numbersOf(args);
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** Unbiased: divided by one less than there are numbers. */
function variance(...args) {
  const numbers = numbersOf(args);
  if (numbers.length === 1) return 0;
  const middle = mean(numbers);
  return numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0) / (numbers.length - 1);
}

function std(...args) {
  return Math.sqrt(variance(...args));
}

function median(...args) {
  const sorted = numbersOf(args).toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** All values that are as frequent as the most frequent one, in the order of their first appearance. */
function mode(...args) {
  const counts = new Map();
  for (const value of numbersOf(args)) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].filter(([, count]) => count === most).map(([value]) => value);
}

module.exports = { mean, median, mode, std, variance };
