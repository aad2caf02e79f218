import { countOf } from './members.js';
import type { Chunks, Each, Group, Items, Signature } from './signature.js';

/** An argument is shown up to this many characters of JSON, all of a call's arguments up to four times as many. */
const mostOfArgument = 40;

/** A call: `orders.dataset[priority 9](1, "x")`. In brackets how it is carried out, in parentheses its own arguments. */
export function wordsOf({ task, args, immutable, options = {} }: Signature): string {
  const manner = [...(immutable ? ['immutable'] : []), ...Object.entries(options).map(([key, value]) => `${key} ${nameText(String(value))}`)];
  return nameText(task) + bracketed(manner) + (args.length === 0 ? '' : `(${argumentsText(args)})`);
}

/** How a group's members are joined: `[collect, 500 ms]`; nothing when all must succeed in any time. */
export const mannerOf = (group: Group | Chunks): string => bracketed(mannersOf(group));

/** One step for all items: `map(resize, 3 items)`. */
export const eachWords = ({ task, items, spread }: Each): string => `${spread ? 'starmap' : 'map'}(${wordsOf(task)}, ${itemsText(items)})`;

/** A group of such: `chunks[collect](resize, 0 to 999 by 100)`. */
export function chunksWords(chunks: Chunks): string {
  const manners = [...(chunks.spread ? ['spread'] : []), ...(chunks.skewMs === undefined ? [] : [`skew ${chunks.skewMs} ms`]), ...mannersOf(chunks)];
  return `chunks${bracketed(manners)}(${wordsOf(chunks.task)}, ${itemsText(chunks.items)} by ${countText(chunks.size)})`;
}

/** A name as it is if it holds nothing that could be taken for anything else, else in quotes. */
export const nameText = (name: string): string => (/^[\p{L}\p{N}_.:/-]+$/u.test(name) ? name : JSON.stringify(name));

/** How many, in a form that is easy to read: 16,384. */
export const countText = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

function mannersOf({ policy, deadlineMs }: Group | Chunks): string[] {
  const manner = typeof policy === 'object' ? [`quorum ${policy.quorum}`] : policy === 'all' ? [] : [policy];
  return deadlineMs === undefined ? manner : [...manner, `${deadlineMs} ms`];
}

const bracketed = (manners: readonly string[]): string => (manners.length === 0 ? '' : `[${manners.join(', ')}]`);

function itemsText(items: Items): string {
  const count = countOf(items);
  if ('from' in items && count > 0) return `${items.from} to ${items.to - 1}`;
  return count === 1 ? '1 item' : `${countText(count)} items`;
}

function argumentsText(args: readonly unknown[]): string {
  const texts = args.slice(0, 8).map((arg) => cut(JSON.stringify(arg) ?? 'null', mostOfArgument));
  return cut([...texts, ...(args.length > 8 ? ['…'] : [])].join(', '), 4 * mostOfArgument);
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`);
