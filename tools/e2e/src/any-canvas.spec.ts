import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Profile } from '@millrace/app';
import { branch, type Canvas, chain, chunks, group, immutable, map, quorum, signature } from '@millrace/canvas';
import { defineErrors, MillraceError } from '@millrace/kernel';
import { defineTask, replace } from '@millrace/tasks';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';

const { error } = defineErrors({ MILLRACE_TEST_FATAL: { retryable: false, help: '' } });
const anything = z.array(z.unknown());
const tasks = [
  defineTask({ name: 'p.join', args: anything, handler: async (_ctx, ...args) => `(${args.map(shortened).join(' ')})` }),
  defineTask({ name: 'p.fail', args: anything, handler: async () => { throw error('MILLRACE_TEST_FATAL', 'fatal'); } }),
  defineTask({ name: 'p.flaky', args: anything, policy: { backoffMs: 5 }, handler: async (ctx, ...args) => { if (ctx.attempt < 2) throw new Error('passing'); return `flaky${args.length}`; } }),
  defineTask({ name: 'p.spread', args: anything, handler: async () => replace(chain(group([signature('p.join', 'x'), signature('p.join', 'y')]), signature('p.join', 'z'))) }),
  defineTask({ name: 'p.large', args: anything, handler: async () => 'l'.repeat(5_000) }),
  defineTask({ name: 'p.choose', args: anything, handler: async (_ctx, ...args) => ['a', 'b', 'c'][String(shortened(args[0])).length % 3] ?? 'a' }),
];

/** Values grow with every step; this much of them is enough to tell them apart. */
function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 40 ? `${text.slice(0, 20)}…${text.length}` : text;
}

const leaf = fc.constantFrom<Canvas>(
  signature('p.join', 'own'), immutable('p.join', 'alone'), signature('p.fail'), signature('p.flaky'), signature('p.spread'), signature('p.large'),
  map(signature('p.join', 'm'), [1, 'two']), chunks(signature('p.join', 'c'), { from: 0, to: 5 }, 2), chunks(signature('p.join', 'w'), { from: 0, to: 70 }, 1),
);
const canvases: fc.Arbitrary<Canvas> = fc.letrec<{ canvas: Canvas }>((tie) => ({
  canvas: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('canvas'), { minLength: 1, maxLength: 3 }).map((parts) => ({ kind: 'chain', parts }) as const),
    fc.tuple(fc.array(tie('canvas'), { maxLength: 3 }), fc.constantFrom('all', 'collect', 'quorum' as const)).map(([members, policy]) =>
      group(members, policy === 'quorum' ? (members.length > 0 ? quorum(members.length) : 'all') : policy)),
    fc.tuple(tie('canvas'), tie('canvas')).map(([a, otherwise]) => branch(signature('p.choose'), { a }, otherwise)),
    fc.tuple(tie('canvas'), tie('canvas')).map(([body, handler]) => ({ kind: 'on-error', body, handler }) as const),
  ),
})).canvas;

const fatal = Symbol('failed');

/** What a canvas comes to: by induction over the canvas, with no plan, step or record. Quorums are of all members. */
function expected(canvas: Canvas, previous: readonly unknown[]): unknown {
  switch (canvas.kind) {
    case 'task':
      return valueOf(canvas.task, [...(canvas.immutable ? [] : previous), ...canvas.args]);
    case 'chain':
      return canvas.parts.reduce<{ value: unknown; given: readonly unknown[] }>(({ value, given }, part) => {
        const next = value === fatal ? fatal : expected(part, given);
        return { value: next, given: [next] };
      }, { value: previous[0], given: previous }).value;
    case 'group': {
      const values = canvas.members.map((member) => expected(member, previous));
      const failed = values.includes(fatal);
      if (canvas.policy === 'all') return failed ? fatal : values;
      if (canvas.policy !== 'collect' && failed) return fatal;
      return values.map((value) => (value === fatal ? 'failed' : { status: 'succeeded', value }));
    }
    case 'each':
      return (canvas.items as unknown[]).map((item) => valueOf(canvas.task.task, [item, ...canvas.task.args]));
    case 'chunks': {
      const { to } = canvas.items as { to: number };
      const items = Array.from({ length: to }, (_, i) => valueOf(canvas.task.task, [i, ...canvas.task.args]));
      return Array.from({ length: Math.ceil(to / canvas.size) }, (_, i) => items.slice(i * canvas.size, (i + 1) * canvas.size));
    }
    case 'branch': {
      const chosen = valueOf(canvas.by.task, previous);
      const taken = chosen === 'a' ? canvas.cases['a'] : canvas.otherwise;
      return taken ? expected(taken, previous) : previous[0];
    }
    case 'on-error':
      return expected(canvas.body, previous);
    default:
      throw new TypeError(`no such canvas here: ${canvas.kind}`);
  }
}

function valueOf(task: string, args: readonly unknown[]): unknown {
  switch (task) {
    case 'p.join':
      return `(${args.map(shortened).join(' ')})`;
    case 'p.fail':
      return fatal;
    case 'p.flaky':
      return `flaky${args.length}`;
    case 'p.large':
      return 'l'.repeat(5_000);
    case 'p.choose':
      return ['a', 'b', 'c'][String(shortened(args[0])).length % 3];
    default:
      return valueOf('p.join', [['("x")', '("y")'], 'z']);
  }
}

/** As `expected` tells it: errors only by that they are there. */
function told(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return told(member);
    const { status, value: inner } = member as { status?: string; value?: unknown };
    return status === 'succeeded' ? { status, value: told(inner) } : status;
  });
}

const prefix = `pair-${process.pid}`;
const profiles: Record<string, () => Promise<Profile>> = {
  redis: async () => ({ profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-pair-')), prefix }),
  aws: async () => ({
    profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix,
    endpoints: { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') },
  }),
};

const samples = fc.sample(canvases, { numRuns: 60, seed: 20_260_101 });

describe.each(Object.keys(profiles))('any canvas on the %s profile', (kind) => {
  let app: App;
  beforeAll(async () => {
    app = await App.open({ profile: await profiles[kind]!(), tasks });
    await app.work({ concurrency: 20 });
  });
  afterAll(() => app.close());

  it('comes to what the canvas says, whatever its nesting', async () => {
    const handles = await Promise.all(samples.map((canvas) => app.client.run(canvas, { timeoutMs: 60_000 })));
    const results = await Promise.all(handles.map((handle) => handle.result().then(told, (thrown: unknown) => (MillraceError.is(thrown, 'MILLRACE_RUN_FAILED') ? fatal : thrown))));
    expect(results).toEqual(samples.map((canvas) => (canvas.kind === 'chain' && canvas.parts.length === 0 ? undefined : expected(canvas, []))));
    const views = await Promise.all(handles.map((handle) => handle.status()));
    expect(new Set(views.map(({ status }) => status))).toEqual(new Set(['finished']));
  });
});
