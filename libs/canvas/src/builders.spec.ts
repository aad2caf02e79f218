import { describe, expect, it } from 'vitest';
import { branch, chain, chord, chunks, group, immutable, map, onError, quorum, signature, starmap, withOptions } from './builders.js';
import type { FailurePolicy } from './signature.js';

const a = signature('a', 1);
const b = signature('b');

describe('builders', () => {
  it('make plain data, of which nothing is left out and to which nothing is added by JSON', () => {
    const canvas = chain(
      withOptions(a, { queue: 'fast', countdownMs: 5 }),
      chord(group([a, immutable('c')], { policy: quorum(1), deadlineMs: 50 }), b),
      branch(b, { yes: a }, b),
      onError(chunks(b, { from: 0, to: 9 }, 2, { policy: 'collect', skewMs: 3, deadlineMs: 4 }), b),
      chord(chunks(b, [[1]], 1, { spread: true }), starmap(b, [[1, 2]])),
      map(b, [1]),
    );
    expect(JSON.parse(JSON.stringify(canvas))).toEqual(canvas);
    expect(canvas).toEqual({
      kind: 'chain',
      parts: [
        { kind: 'task', task: 'a', args: [1], options: { queue: 'fast', countdownMs: 5 } },
        { kind: 'chord', header: { kind: 'group', members: [a, { kind: 'task', task: 'c', args: [], immutable: true }], policy: { quorum: 1 }, deadlineMs: 50 }, body: b },
        { kind: 'branch', by: b, cases: { yes: a }, otherwise: b },
        {
          kind: 'on-error',
          body: { kind: 'chunks', task: b, items: { from: 0, to: 9 }, size: 2, policy: 'collect', skewMs: 3, deadlineMs: 4 },
          handler: b,
        },
        {
          kind: 'chord',
          header: { kind: 'chunks', task: b, items: [[1]], size: 1, spread: true, policy: 'all' },
          body: { kind: 'each', task: b, items: [[1, 2]], spread: true },
        },
        { kind: 'each', task: b, items: [1] },
      ],
    });
  });

  it('let a group’s policy be given alone', () => {
    expect(group([a], quorum(1))).toEqual(group([a], { policy: { quorum: 1 } }));
    expect(group([a], 'collect')).toEqual({ kind: 'group', members: [a], policy: 'collect' });
    expect(group([a])).toEqual({ kind: 'group', members: [a], policy: 'all' });
  });

  it('never change what they are given', () => {
    const frozen = Object.freeze({ ...a, options: Object.freeze({ priority: 1 }) });
    expect(withOptions(frozen, { priority: 2 })).toEqual({ ...a, options: { priority: 2 } });
    expect(frozen.options.priority).toBe(1);
  });

  it.each<[string, () => unknown, string]>([
    ['an empty chunk', () => chunks(b, [1], 0), 'chunks.size must be a whole number of at least 1, but is 0'],
    ['half a chunk', () => chunks(b, [1], 1.5), 'chunks.size must be'],
    ['a skew backwards', () => chunks(b, [1], 1, { skewMs: -1 }), 'chunks.skewMs must be a whole number of at least 0'],
    ['a quorum of none', () => quorum(0), 'quorum must be a whole number of at least 1, but is 0'],
    ['a quorum that is not a number', () => group([a], { policy: { quorum: NaN } }), 'group.policy.quorum must be a whole number of at least 1, but is NaN'],
    ['a deadline at once', () => group([a], { deadlineMs: 0 }), 'group.deadlineMs must be a whole number of at least 1'],
    ['a range backwards', () => map(b, { from: 2, to: 1 }), 'map.items.to must be at least as large as from, but is 1'],
    ['a broken range', () => starmap(b, JSON.parse('{"from":0,"to":1.5}')), 'starmap.items.to must be a whole number'],
    ['a priority beyond the highest', () => withOptions(a, { priority: 10 }), 'options.priority must be a whole number from 0 to 9, but is 10'],
    ['no attempt', () => withOptions(a, { maxAttempts: 0 }), 'options.maxAttempts must be'],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: 'MILLRACE_CANVAS_SIZE', message: expect.stringContaining(message) }));
  });

  it.each<[string, () => unknown, string]>([
    ['a map of a task that ignores its item', () => map(immutable('a'), [1]), 'map.task.immutable must be absent'],
    ['a policy there is not', () => group([a], JSON.parse('"most"') as FailurePolicy), 'group.policy must be all, collect'],
    ['a queue without a name', () => withOptions(a, { queue: '' }), 'options.queue must be a string of 1 to 128 characters'],
    ['an option there is not', () => withOptions(a, JSON.parse('{"prioritiy":1}')), 'options.prioritiy must be absent; there may be queue, priority'],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: 'MILLRACE_CANVAS_MALFORMED', message: expect.stringContaining(message) }));
  });
});
