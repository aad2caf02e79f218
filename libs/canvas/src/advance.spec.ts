import { describe, expect, it } from 'vitest';
import { advance } from './advance.js';
import { branch, chain, group, onError, quorum, signature } from './builders.js';
import { callsFor, countedBy } from './commands.js';
import { replay } from './replay.js';
import type { Run, Settlement } from './run.js';
import type { Canvas } from './signature.js';
import { resolve } from './value.js';

const [a, b, c, d] = [signature('a'), signature('b'), signature('c'), signature('d')] as const;

const succeeded: Settlement = { status: 'succeeded' };
const failed: Settlement = { status: 'failed' };
const after = (canvas: Canvas, settlements: Readonly<Record<string, Settlement>>): Run => replay(canvas, new Map(Object.entries(settlements)));
const joined = (rest: 'late' | 'revoked', ...counted: readonly string[]): Settlement => ({ status: 'joined', counted, rest });
const statusesOf = (run: Run) => Object.fromEntries([...run.steps].map(([id, { status }]) => [id, status]));
const valueOf = (run: Run) =>
  resolve(run, run.plans[0]?.output ?? null, { valueOf: (step) => `value of ${step}`, errorOf: (step) => `error of ${step}` });

describe('a step', () => {
  it('is dispatched once and ends the run once', () => {
    const started = advance(after(chain(a, b), { '0': succeeded }), { type: 'started' });
    expect(started.commands).toEqual([]);
    const ended = advance(started.run, { type: 'settled', step: '1', settlement: succeeded });
    expect(ended.commands).toEqual([{ type: 'finish', status: 'succeeded' }]);
    expect(advance(ended.run, { type: 'settled', step: '1', settlement: failed })).toEqual({ run: ended.run, commands: [] });
  });

  it('that is no branch is not settled by a choice, nor a join that has no settlement of its own', () => {
    expect(statusesOf(after(a, { '0': { status: 'chosen', case: 'yes' } }))).toEqual({ '0': 'ready' });
    expect(statusesOf(after(group([group([a]), b]), { g0: joined('late') }))).toEqual({ '0': 'ready', '1': 'ready', g0: 'waiting' });
  });
});

describe('a branch', () => {
  const canvas = chain(a, branch(b, { yes: chain(c, d) }), signature('e'));

  it('goes on with the case that was chosen, which gets what the branch got', () => {
    const run = after(canvas, { '0': succeeded, '1': { status: 'chosen', case: 'yes' } });
    expect(callsFor(run)).toEqual([{ type: 'dispatch', step: '1.0' }]);
    expect(run.replacements.get('1')?.steps.get('1.0')?.input).toEqual({ step: '0' });
  });

  it.each([null, 'no', 'constructor'])('hands on what it got when it has no case %s', (name) => {
    const run = after(canvas, { '0': succeeded, '1': { status: 'chosen', case: name } });
    expect(callsFor(run)).toEqual([{ type: 'dispatch', step: '2' }]);
    expect(resolve(run, { step: '1' }, { valueOf: (step) => `value of ${step}`, errorOf: () => undefined })).toBe('value of 0');
  });
});

describe('on-error', () => {
  const canvas = chain(a, onError(chain(b, c), d), signature('e'));

  it('runs its handler with the error, then fails with it', () => {
    const handling = after(canvas, { '0': succeeded, '1': failed });
    expect(callsFor(handling)).toEqual([{ type: 'dispatch', step: '3' }]);
    expect(handling.steps.get('2')).toEqual({ status: 'skipped', cause: '1' });
    for (const settlement of [succeeded, failed]) {
      const run = after(canvas, { '0': succeeded, '1': failed, '3': settlement });
      expect([run.status, run.cause]).toEqual(['failed', '1']);
      expect(run.steps.get('4')).toEqual({ status: 'skipped', cause: '1' });
    }
  });

  it('skips its handler on nobody’s account when nothing failed', () => {
    const run = after(canvas, { '0': succeeded, '1': succeeded, '2': succeeded });
    expect(run.steps.get('3')).toEqual({ status: 'skipped' });
    expect(callsFor(run)).toEqual([{ type: 'dispatch', step: '4' }]);
  });

  it('does not run its handler for what failed before it', () => {
    const run = after(canvas, { '0': failed });
    expect([run.status, run.steps.get('3')]).toEqual(['failed', { status: 'skipped', cause: '0' }]);
  });
});

describe('a join with a quorum', () => {
  const canvas = chain(group([a, b, c], { policy: quorum(2) }), d);

  it('is due when the quorum is reached or out of reach, and complete when it is settled', () => {
    expect(callsFor(after(canvas, { '0': succeeded }))).not.toContainEqual(expect.objectContaining({ type: 'join' }));
    expect(callsFor(after(canvas, { '0': succeeded, '2': succeeded }))).toContainEqual({ type: 'join', step: 'g0', rest: 'revoked' });
    expect(callsFor(after(canvas, { '0': failed, '2': failed }))).toContainEqual({ type: 'join', step: 'g0', rest: 'revoked' });
    const run = after(canvas, { '0': succeeded, '2': succeeded, g0: joined('revoked', '0', '2') });
    expect(callsFor(run)).toEqual([{ type: 'dispatch', step: '3' }]);
  });

  it('tells what became of each member, and nothing of one that came too late', () => {
    const run = after(group([a, b, c], { policy: quorum(2) }), { '0': succeeded, '1': succeeded, '2': succeeded, g0: joined('revoked', '0', '2') });
    expect(statusesOf(run)).toEqual({ '0': 'succeeded', '1': 'revoked', '2': 'succeeded', g0: 'succeeded' });
    expect(valueOf(run)).toEqual([{ status: 'succeeded', value: 'value of 0' }, { status: 'revoked' }, { status: 'succeeded', value: 'value of 2' }]);
  });

  it('fails on account of its first member that failed', () => {
    const run = after(canvas, { '1': failed, '2': failed, g0: joined('revoked', '1', '2') });
    expect([run.status, run.cause]).toEqual(['failed', '1']);
  });
});

describe('a join with a deadline', () => {
  const late = joined('late', '1');

  it('goes on under collect with what is there', () => {
    const run = after(group([chain(a, b), c], { policy: 'collect', deadlineMs: 100 }), { '0': succeeded, '2': failed, g0: joined('late', '0', '2') });
    expect(run.status).toBe('succeeded');
    expect(statusesOf(run)).toEqual({ '0': 'succeeded', '1': 'late', '2': 'failed', g0: 'succeeded' });
    expect(valueOf(run)).toEqual([{ status: 'late' }, { status: 'failed', error: 'error of 2' }]);
  });

  it('fails under all, on its own account when no member failed', () => {
    const run = after(onError(group([a, b], { deadlineMs: 100 }), c), { '1': succeeded, g0: late, g1: late });
    expect(run.steps.get('g1')).toEqual({ status: 'failed', cause: 'g1' });
    expect(resolve(run, { errorOf: 'g1' }, { valueOf: () => undefined, errorOf: () => undefined })).toMatchObject({ code: 'MILLRACE_CANVAS_JOIN_LATE', retryable: false });
  });

  it('takes back what went on inside from a step that it does not count', () => {
    const canvas = group([chain(a, b), c], { policy: 'collect', deadlineMs: 100 });
    const before = after(canvas, { '0': { status: 'replaced', canvas: chain(d, d) }, '0.0': succeeded, '2': succeeded });
    expect(callsFor(before)).toEqual([{ type: 'dispatch', step: '0.1' }]);
    const { run, commands } = advance(before, { type: 'settled', step: 'g0', settlement: joined('late', '2') });
    expect(statusesOf(run)).toEqual({ '0': 'late', '1': 'late', '2': 'succeeded', g0: 'succeeded' });
    expect(run.plans).toHaveLength(1);
    expect(commands).toEqual([{ type: 'finish', status: 'succeeded' }]);
  });

  it('counts all that was settled inside, also in what took the place of a step', () => {
    const canvas = chain(group([chain(a, b), c], { policy: 'collect', deadlineMs: 100 }), d);
    const run = after(canvas, { '0': { status: 'replaced', canvas: chain(d, d) }, '0.0': succeeded, '2': failed });
    expect([...countedBy(run, 'g0')].toSorted()).toEqual(['0', '0.0', '2']);
  });

  it('waits for what it counts and is not known yet', () => {
    const canvas = group([a, b], { policy: 'collect', deadlineMs: 100 });
    const early = after(canvas, { g0: late });
    expect(early.status).toBe('running');
    expect(advance(early, { type: 'settled', step: '1', settlement: succeeded }).run.status).toBe('succeeded');
  });
});
