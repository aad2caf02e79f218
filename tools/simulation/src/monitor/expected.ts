import type { Canvas, Chunks, Each, FailurePolicy, Group, Signature } from '@millrace/canvas';
import { failingTask, pickTask, replacingTask } from '../workload/random-canvas.js';

/** What a value must be like. */
export type Pattern =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Pattern[] }
  | { readonly kind: 'outcomes'; readonly members: readonly Expected[]; readonly quorum: number; readonly rest: ReadonlySet<string> };

/** What a part of a canvas must come to. */
export interface Expected {
  readonly fails: 'never' | 'perhaps' | 'always';
  readonly value: Pattern;
}

/** The previous result; undefined where there is none. */
type Previous = Pattern | undefined;

const nothing: Pattern = { kind: 'value', value: undefined };
const literal = (value: unknown): Pattern => ({ kind: 'value', value });
const list = (items: readonly Pattern[]): Pattern => ({ kind: 'list', items });
const failed: Expected = { fails: 'always', value: nothing };

/** What a canvas must come to, read off the canvas alone. Only a quorum and a deadline leave something open. */
export function expectedOf(canvas: Canvas, previous: Previous): Expected {
  switch (canvas.kind) {
    case 'task':
      return called(canvas, previous);
    case 'each':
      return eachOf(canvas);
    case 'chain':
      return chained(canvas.parts, previous);
    case 'chord':
      return chained([canvas.header, canvas.body], previous);
    case 'group':
      return joined(canvas.members.map((member) => expectedOf(member, previous)), canvas);
    case 'chunks':
      return joined(chunksOf(canvas).map(eachOf), canvas);
    case 'branch':
      return branched(canvas, previous);
    case 'on-error':
      return expectedOf(canvas.body, previous);
  }
}

function called(call: Signature, previous: Previous): Expected {
  const [label, argument] = call.args;
  if (call.task === failingTask) return failed;
  if (call.task === replacingTask) return expectedOf(argument as Canvas, undefined);
  if (call.task === pickTask) return { fails: 'never', value: literal(argument) };
  return { fails: 'never', value: list([literal(label), ...(call.immutable || !previous ? [] : [previous])]) };
}

function eachOf({ task, items, spread }: Each): Expected {
  const all = 'from' in items ? Array.from({ length: items.to - items.from }, (_, i) => items.from + i) : items;
  const values = all.map((item) => literal([task.args[0], ...(spread && Array.isArray(item) ? item : [item])]));
  return { fails: task.task === failingTask && all.length > 0 ? 'always' : 'never', value: list(values) };
}

function chunksOf({ task, items, size, spread }: Chunks): readonly Each[] {
  const all = 'from' in items ? Array.from({ length: items.to - items.from }, (_, i) => items.from + i) : items;
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => ({ kind: 'each', task, items: all.slice(i * size, (i + 1) * size), ...(spread ? { spread } : {}) }));
}

function chained(parts: readonly Canvas[], previous: Previous): Expected {
  let fails: Expected['fails'] = 'never';
  let value = previous;
  for (const part of parts) {
    const expected = expectedOf(part, value);
    if (expected.fails === 'always') return failed;
    if (expected.fails === 'perhaps') fails = 'perhaps';
    value = expected.value;
  }
  return { fails, value: value ?? nothing };
}

function joined(members: readonly Expected[], { policy, deadlineMs }: Pick<Group, 'policy' | 'deadlineMs'>): Expected {
  const isTimed = deadlineMs !== undefined;
  const fails = failsOf(members.map((member) => member.fails), policy, isTimed);
  if (policy === 'all') return { fails, value: list(members.map(({ value }) => value)) };
  const rest = new Set([...(isTimed ? ['late'] : []), ...(typeof policy === 'object' ? ['revoked'] : [])]);
  return { fails, value: { kind: 'outcomes', members, quorum: typeof policy === 'object' ? policy.quorum : 0, rest } };
}

function failsOf(members: ReadonlyArray<Expected['fails']>, policy: FailurePolicy, isTimed: boolean): Expected['fails'] {
  if (policy === 'collect') return 'never';
  const needed = policy === 'all' ? members.length : policy.quorum;
  const [never, always] = (['never', 'always'] as const).map((what) => members.filter((fails) => fails === what).length);
  if (members.length - (always ?? 0) < needed) return 'always';
  return !isTimed && (never ?? 0) >= needed ? 'never' : 'perhaps';
}

function branched({ by, cases, otherwise }: Extract<Canvas, { kind: 'branch' }>, previous: Previous): Expected {
  const chosen = cases[String(by.args[1])] ?? otherwise;
  return chosen ? expectedOf(chosen, previous) : { fails: 'never', value: previous ?? nothing };
}

/** Whether a value is as it must be. */
export function fits(pattern: Pattern, actual: unknown): boolean {
  if (pattern.kind === 'value') return JSON.stringify(actual ?? null) === JSON.stringify(pattern.value ?? null);
  if (!Array.isArray(actual)) return false;
  if (pattern.kind === 'list') return actual.length === pattern.items.length && pattern.items.every((item, i) => fits(item, actual[i]));
  const outcomes = actual as ReadonlyArray<{ readonly status: string; readonly value?: unknown }>;
  const succeeded = outcomes.filter(({ status }) => status === 'succeeded').length;
  return succeeded >= pattern.quorum && outcomes.length === pattern.members.length && pattern.members.every((member, i) => fitsOutcome(member, outcomes[i], pattern.rest));
}

function fitsOutcome({ fails, value }: Expected, actual: { readonly status: string; readonly value?: unknown } | undefined, rest: ReadonlySet<string>): boolean {
  if (actual?.status === 'succeeded') return fails !== 'always' && fits(value, actual.value);
  if (actual?.status === 'failed') return fails !== 'never';
  return actual !== undefined && rest.has(actual.status);
}
