import { describe, expect, it } from 'vitest';
import { chain, group, signature } from './builders.js';
import { compile } from './compiler.js';
import type { Canvas } from './signature.js';

const a = signature('a');
const many = (count: number, member: Canvas = a): readonly Canvas[] => Array.from({ length: count }, () => member);
const chunks = { kind: 'chunks', task: a, items: [1, 2, 3], size: 1, policy: 'all' } as const;
const range = { from: 0, to: 1_000 };

describe('compile refuses', () => {
  it.each<[code: string, what: string, canvas: Canvas]>([
    ['TOO_WIDE', 'more than 16,384 members', group(many(16_385))],
    ['TOO_WIDE', 'more than 16,384 chunks', { ...chunks, items: { from: 0, to: 16_385 } }],
    ['TOO_DEEP', 'more than 200 levels', deep(201)],
    ['WIDE_POLICY', 'a wide group with a quorum', { kind: 'group', members: many(65), policy: { quorum: 3 } }],
    ['WIDE_POLICY', 'a wide group with a deadline', { kind: 'group', members: many(65), policy: 'collect', deadlineMs: 5 }],
    ['WIDE_POLICY', 'wide chunks with a deadline', { ...chunks, items: range, deadlineMs: 5 }],
    ['WIDE_MEMBER', 'a wide group of which a member is a chain', group([...many(64), chain(a, a)])],
    ['WIDE_MEMBER', 'a wide group of which a member is a branch', group([...many(64), { kind: 'branch', by: a, cases: {} }])],
    ['WIDE_MIXED', 'a wide group of two tasks in turn', group(Array.from({ length: 1_025 }, (_, n) => signature(n % 2 === 0 ? 'a' : 'b')))],
    ['QUORUM', 'a quorum of none', { kind: 'group', members: many(3), policy: { quorum: 0 } }],
    ['QUORUM', 'a quorum of more than the members', { kind: 'group', members: many(3), policy: { quorum: 4 } }],
    ['QUORUM', 'a quorum of more than the chunks', { ...chunks, size: 2, policy: { quorum: 3 } }],
    ['QUORUM', 'a quorum of one and a half', { kind: 'group', members: many(3), policy: { quorum: 1.5 } }],
    ['SIZE', 'chunks of nothing', { ...chunks, size: 0 }],
    ['SIZE', 'chunks of part of an item', { ...chunks, size: 0.5 }],
    ['SIZE', 'chunks of a negative skew', { ...chunks, skewMs: -1 }],
    ['SIZE', 'a range without an end', { kind: 'each', task: a, items: { from: 0, to: Infinity } }],
    ['SIZE', 'a deadline at once', { kind: 'group', members: many(3), policy: 'all', deadlineMs: 0 }],
    ['SIZE', 'a case that is refused itself', { kind: 'branch', by: a, cases: { yes: chain({ ...chunks, size: 0 }) } }],
  ])('with MILLRACE_CANVAS_%s %s', (code, _, canvas) => {
    expect(() => compile(canvas)).toThrow(expect.objectContaining({ code: `MILLRACE_CANVAS_${code}`, retryable: false }));
  });

  it.each<[what: string, canvas: Canvas]>([
    ['16,384 members', group(many(16_384))],
    ['200 levels', deep(200)],
    ['a quorum of all members', { kind: 'group', members: many(64), policy: { quorum: 64 } }],
    ['a range that is empty', { kind: 'each', task: a, items: { from: 3, to: 1 } }],
    ['no chunks', { ...chunks, items: { from: 3, to: 1 } }],
  ])('nothing else, such as %s', (_, canvas) => {
    expect(() => compile(canvas)).not.toThrow();
  });
});

function deep(levels: number): Canvas {
  let canvas: Canvas = a;
  for (let level = 0; level < levels; level++) canvas = chain(canvas);
  return canvas;
}
