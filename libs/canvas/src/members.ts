import { assertNever } from '@millrace/kernel';
import type { Canvas, Chunks, Each, Group, Items, Signature } from './signature.js';

/** A group with more members than this is wide. */
export const mostMembers = 64;

const mostInShard = 128;

/** What has members that run in parallel. */
export type Members = Group | Chunks;

export const isWide = (group: Members): boolean => widthOf(group) > mostMembers;

/** How many members there are. */
export function widthOf(group: Members): number {
  return group.kind === 'group' ? group.members.length : Math.ceil(countOf(group.items) / group.size);
}

/** All members; not for wide groups. */
export const membersOf = (group: Members): readonly Canvas[] =>
  group.kind === 'group' ? group.members : Array.from({ length: widthOf(group) }, (_, index) => chunkOf(group, index));

/** Some neighbouring members of a wide group, which a worker that has the task of one can carry out together. */
export interface Shard {
  readonly from: number;
  readonly count: number;
}

/** A shard ends after 128 members, or where the task or the queue changes. */
export function shardsOf(group: Members): readonly Shard[] {
  const shards: Shard[] = [];
  const width = widthOf(group);
  for (let from = 0, to = 1; from < width; from = to++) {
    while (to < width && to - from < mostInShard && (group.kind === 'chunks' || sharesQueue(group, from, to))) to++;
    shards.push({ from, count: to - from });
  }
  return shards;
}

function sharesQueue(group: Group, one: number, other: number): boolean {
  const [a, b] = [callOf(singleOf(group, one)), callOf(singleOf(group, other))];
  return a.task === b.task && a.options?.queue === b.options?.queue;
}

const callOf = (single: Signature | Each): Signature => (single.kind === 'each' ? single.task : single);

/** A member of a wide group, all of which are single steps; that of `chunks` is made when it is asked for. */
export function singleOf(group: Members, index: number): Signature | Each {
  if (group.kind === 'chunks') return chunkOf(group, index);
  const member = group.members[index];
  if (member?.kind === 'task' || member?.kind === 'each') return member;
  throw new RangeError(`member ${index} of a wide group is no single step`);
}

function chunkOf({ task, items, size, spread, skewMs }: Chunks, index: number): Each {
  const skewed = skewMs === undefined || index === 0 ? task : delayed(task, index * skewMs);
  return { kind: 'each', task: skewed, items: sliceOf(items, index * size, (index + 1) * size), ...(spread ? { spread } : {}) };
}

function delayed(task: Signature, ms: number): Signature {
  return { ...task, options: { ...task.options, countdownMs: (task.options?.countdownMs ?? 0) + ms } };
}

function sliceOf(items: Items, from: number, to: number): Items {
  if (!('from' in items)) return items.slice(from, to);
  return { from: items.from + from, to: Math.min(items.from + to, items.to) };
}

export const countOf = (items: Items): number => ('from' in items ? Math.max(0, items.to - items.from) : items.length);

/** Whether anything in the canvas runs. */
export function hasSteps(canvas: Canvas): boolean {
  switch (canvas.kind) {
    case 'task':
    case 'each':
    case 'branch':
      return true;
    case 'chain':
      return canvas.parts.some(hasSteps);
    case 'group':
      return !isMet(canvas) && canvas.members.some(hasSteps);
    case 'chunks':
      return countOf(canvas.items) > 0;
    case 'chord':
      return hasSteps(canvas.header) || hasSteps(canvas.body);
    case 'on-error':
      return hasSteps(canvas.body);
    default:
      return assertNever(canvas);
  }
}

/** Whether members without steps, which have succeeded from the start, are a group's quorum already. */
const isMet = (group: Group): boolean => typeof group.policy === 'object' && quorumLeft(group, group.policy.quorum) <= 0;

/** How many of the members with steps a quorum takes. */
export function quorumLeft(group: Members, quorum: number): number {
  return group.kind === 'chunks' ? quorum : quorum - group.members.filter((member) => !hasSteps(member)).length;
}
