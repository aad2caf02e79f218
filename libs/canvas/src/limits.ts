import { canvasErrors } from './errors.js';
import { isWide, type Members, mostMembers, shardsOf, widthOf } from './members.js';
import type { Canvas, Chunks, Items } from './signature.js';
import { canvasesIn } from './signatures.js';

const mostWide = 16_384;
const mostShards = 1_024;
const mostDeep = 200;

/** Throws for a canvas that cannot be run: see `compile`. */
export function checkCanvas(canvas: Canvas, depth = 0): void {
  if (depth > mostDeep) throw canvasErrors.error('MILLRACE_CANVAS_TOO_DEEP', `a canvas is nested more than ${mostDeep} deep`);
  checkNode(canvas);
  for (const inner of canvasesIn(canvas)) checkCanvas(inner, depth + 1);
}

function checkNode(canvas: Canvas): void {
  if (canvas.kind === 'each') checkItems(canvas.items);
  if (canvas.kind === 'chunks') checkChunks(canvas);
  if (canvas.kind === 'chunks' || canvas.kind === 'group') checkMembers(canvas);
}

function checkChunks({ items, size, skewMs }: Chunks): void {
  checkItems(items);
  if (!Number.isSafeInteger(size) || size < 1) throw badSize(`chunks of ${size} items`);
  if (skewMs !== undefined && !(Number.isFinite(skewMs) && skewMs >= 0)) throw badSize(`a skew of ${skewMs} ms`);
}

function checkItems(items: Items): void {
  if ('from' in items && !(Number.isSafeInteger(items.from) && Number.isSafeInteger(items.to))) {
    throw badSize(`a range from ${items.from} to ${items.to}`);
  }
}

function checkMembers(group: Members): void {
  const { policy, deadlineMs } = group;
  const width = widthOf(group);
  if (deadlineMs !== undefined && !(Number.isFinite(deadlineMs) && deadlineMs > 0)) throw badSize(`a deadline of ${deadlineMs} ms`);
  if (typeof policy === 'object' && !(Number.isSafeInteger(policy.quorum) && policy.quorum >= 1 && policy.quorum <= width)) {
    throw canvasErrors.error('MILLRACE_CANVAS_QUORUM', `a quorum of ${policy.quorum} among ${width} members`);
  }
  if (isWide(group)) checkWide(group, width);
}

function checkWide(group: Members, width: number): void {
  const what = `a ${group.kind} of ${width} members`;
  if (width > mostWide) throw canvasErrors.error('MILLRACE_CANVAS_TOO_WIDE', `${what}; ${mostWide} are the most`);
  if (typeof group.policy === 'object' || group.deadlineMs !== undefined) {
    throw canvasErrors.error('MILLRACE_CANVAS_WIDE_POLICY', `${what}, more than ${mostMembers}, with a quorum or a deadline`);
  }
  if (group.kind === 'chunks') return;
  const composite = group.members.find((member) => member.kind !== 'task' && member.kind !== 'each');
  if (composite) throw canvasErrors.error('MILLRACE_CANVAS_WIDE_MEMBER', `${what}, more than ${mostMembers}, of which one is a ${composite.kind}`);
  const shards = shardsOf(group).length;
  if (shards > mostShards) throw canvasErrors.error('MILLRACE_CANVAS_WIDE_MIXED', `${what} that makes ${shards} parts of one task each; ${mostShards} are the most`);
}

const badSize = (what: string): Error => canvasErrors.error('MILLRACE_CANVAS_SIZE', `${what} cannot be`);
