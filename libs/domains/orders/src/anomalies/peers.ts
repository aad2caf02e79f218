import { at } from '../numbers.js';
import { swaps } from './swaps.js';

/** The values of each group, sorted, so that each value can be compared with the others of its group. Values are whole numbers. */
export class Peers {
  readonly #sorted: Float64Array;
  readonly #starts: Int32Array;

  /** `groups` numbers the group of each value, from 0 without gaps. */
  constructor(
    readonly groups: readonly number[],
    readonly values: Float64Array,
  ) {
    this.#starts = groupStarts(groups);
    this.#sorted = sortedByGroup(groups, values, this.#starts);
  }

  /** The size of the value's group, itself included. */
  size(index: number): number {
    const group = this.#group(index);
    return this.#start(group + 1) - this.#start(group);
  }

  /** The lower median of the others; the value itself where there are none. */
  usual(index: number): number {
    const others = this.size(index) - 1;
    if (others === 0) return at(this.values, index);
    const middle = this.#start(this.#group(index)) + Math.floor((others - 1) / 2);
    return at(this.#sorted, middle < this.#rank(index) ? middle : middle + 1);
  }

  shareSame(index: number): number {
    return this.#share(index, this.#count(index, at(this.values, index)) - 1);
  }

  /** The share of the others that have this value. */
  shareOf(index: number, value: number): number {
    return this.#share(index, this.#count(index, value));
  }

  /** The share of the others that are `digits` with two neighbours swapped, times `unit`. */
  shareSwapped(index: number, digits: number, unit: number): number {
    const count = swaps(digits).reduce((sum, other) => sum + this.#count(index, other * unit), 0);
    return this.#share(index, count);
  }

  /** The log2 distance to the nearest other value above 0; 0 without others. */
  nearest(index: number): number {
    const value = at(this.values, index);
    const same = this.#count(index, value);
    if (same > 1 || this.size(index) === 1) return 0;
    const rank = this.#rank(index);
    const group = this.#group(index);
    const below = rank > this.#start(group) ? at(this.#sorted, rank - 1) : 0;
    const above = rank + 1 < this.#start(group + 1) ? at(this.#sorted, rank + 1) : Infinity;
    return Math.min(Math.log2(value / below), Math.log2(above / value));
  }

  #share(index: number, count: number): number {
    return count / Math.max(this.size(index) - 1, 1);
  }

  #count(index: number, value: number): number {
    const [from, to] = this.#range(index);
    return firstNotBelow(this.#sorted, from, to, value + 1) - firstNotBelow(this.#sorted, from, to, value);
  }

  #rank(index: number): number {
    const [from, to] = this.#range(index);
    return firstNotBelow(this.#sorted, from, to, at(this.values, index));
  }

  #range(index: number): readonly [from: number, to: number] {
    const group = this.#group(index);
    return [this.#start(group), this.#start(group + 1)];
  }

  #group(index: number): number {
    return this.groups[index] ?? 0;
  }

  #start(group: number): number {
    return at(this.#starts, group);
  }
}

/** Where each group begins among the sorted values; one entry more, for the end of the last. */
function groupStarts(groups: readonly number[]): Int32Array {
  const last = groups.reduce((largest, group) => Math.max(largest, group), -1);
  const starts = new Int32Array(last + 2);
  for (const group of groups) starts[group + 1] = at(starts, group + 1) + 1;
  for (let group = 1; group < starts.length; group++) starts[group] = at(starts, group) + at(starts, group - 1);
  return starts;
}

function sortedByGroup(groups: readonly number[], values: Float64Array, starts: Int32Array): Float64Array {
  const sorted = new Float64Array(values.length);
  const next = starts.slice();
  for (const [index, group] of groups.entries()) {
    const place = at(next, group);
    sorted[place] = at(values, index);
    next[group] = place + 1;
  }
  for (let group = 0; group + 1 < starts.length; group++) sorted.subarray(at(starts, group), at(starts, group + 1)).sort();
  return sorted;
}

/** The first place in `sorted`, between `from` and `to`, whose value is not below `value`; `to` when there is none. */
function firstNotBelow(sorted: Float64Array, from: number, to: number, value: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
