import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, create, planStep, releasedBy, replay, type Run, type RunEvent, type Settlement } from './advance.js';
import { compile } from './plan.js';
import { type Canvas, chain, group, signature } from './signature.js';
import { fates, happensBefore, tasksOf } from './test/happens-before.js';
import { randomCanvas } from './test/random-canvas.js';
import { resolve } from './value.js';

const canvases = 5_000;

/** Delivers events in any order, again and again, with contradictions, as an at-least-once broker and its workers may. */
function drive(canvas: Canvas, failing: ReadonlySet<string>, pick: (n: number) => number) {
  let run: Run = create(compile(canvas));
  const inbox: RunEvent[] = [{ type: 'started' }];
  const seen: RunEvent[] = [];
  const dispatched: string[] = [];
  const decided = new Map<string, string>();
  const finishes: string[] = [];
  const early: string[] = [];
  const before = happensBefore(canvas);
  for (let guard = 0; inbox.length > 0 && guard < 5_000; guard++) {
    const event = inbox.splice(pick(inbox.length), 1)[0] as RunEvent;
    seen.push(event);
    if (guard < 1_000 && pick(3) === 0) inbox.push(seen[pick(seen.length)] as RunEvent);
    const next = advance(run, event);
    if (event.type === 'settled' && next.run !== run && !decided.has(taskOf(run, event.step))) decided.set(taskOf(run, event.step), event.settlement.status);
    run = next.run;
    for (const command of next.commands) {
      if (command.type === 'finish') {
        finishes.push(command.status);
        continue;
      }
      const task = taskOf(run, command.step);
      dispatched.push(task);
      for (const [a, b] of before) if (b === task && !decided.has(a) && statusOf(run, canvas, a) !== 'skipped') early.push(`${b} before ${a}`);
      const settlement: Settlement = { status: failing.has(task) ? 'failed' : 'succeeded' };
      inbox.push({ type: 'settled', step: command.step, settlement });
    }
  }
  return { run, dispatched, finishes, early };
}

const taskOf = (run: Run, step: string): string => planStep(run, step)?.signature.task ?? '';

function statusOf(run: Run, canvas: Canvas, task: string): string | undefined {
  return run.steps.get(String(tasksOf(canvas).indexOf(task)))?.status;
}

const arbitrary = fc.tuple(randomCanvas, fc.infiniteStream(fc.nat()), fc.array(fc.nat({ max: 20 }), { maxLength: 3 }));
const failingOf = (canvas: Canvas, numbers: readonly number[]) => new Set(numbers.map((n) => `t${n}`).filter((task) => tasksOf(canvas).includes(task)));

describe('advance', () => {
  it('agrees with the canvas under any order, repetition and failure', () => {
    fc.assert(
      fc.property(arbitrary, ([canvas, noise, numbers]) => {
        const failing = failingOf(canvas, numbers);
        const pick = (n: number) => (noise.next().value as number) % n;
        const { run, dispatched, finishes, early } = drive(canvas, failing, pick);
        const expected = fates(canvas, failing);
        expect(early).toEqual([]);
        expect(new Set(dispatched).size).toBe(dispatched.length);
        expect(finishes).toEqual([expected.ok ? 'succeeded' : 'failed']);
        expect(new Map(tasksOf(canvas).map((task) => [task, statusOf(run, canvas, task)]))).toEqual(expected.tasks);
      }),
      { numRuns: canvases },
    );
  });

  it('leaves its input as it was', () => {
    const run = create(compile(chain(signature('a'), group([signature('b'), signature('c')]))));
    const before = structuredClone(run);
    advance(run, { type: 'started' });
    expect(run).toEqual(before);
  });

  it('lets the first of two contradictory settlements stand', () => {
    const started = advance(create(compile(signature('a'))), { type: 'started' }).run;
    const failed = advance(started, { type: 'settled', step: '0', settlement: { status: 'failed' } }).run;
    const again = advance(failed, { type: 'settled', step: '0', settlement: { status: 'succeeded' } });
    expect(again.run.status).toBe('failed');
    expect(again.commands).toEqual([]);
  });

  it('puts a replacement in the place of its task: what follows waits for it and gets its value', () => {
    fc.assert(
      fc.property(randomCanvas, (inner) => {
        const canvas = chain(signature('before'), signature('replaced'), signature('after'));
        const settlements = new Map<string, Settlement>([
          ['0', { status: 'succeeded' }],
          ['1', { status: 'replaced', canvas: inner }],
        ]);
        tasksOf(inner).forEach((_, i, all) => {
          const open = replay(canvas, settlements);
          expect(open.steps.get('2')?.status, `${i} of ${all.length}`).toBe('waiting');
          settlements.set(`1.${i}`, { status: 'succeeded' });
        });
        const run = replay(canvas, settlements);
        expect(run.steps.get('2')?.status).toBe('ready');
        const value = resolve(run, planStep(run, '2')?.input ?? null, { valueOf: (step) => taskOf(run, step), errorOf: () => undefined });
        expect(value).toEqual(valueOf(inner, undefined));
      }),
      { numRuns: 1_000 },
    );
  });

  it('replays to the same state as the events did', () => {
    fc.assert(
      fc.property(arbitrary, ([canvas, noise, numbers]) => {
        const failing = failingOf(canvas, numbers);
        const { run } = drive(canvas, failing, (n) => (noise.next().value as number) % n);
        const settlements = new Map<string, Settlement>();
        for (const [step, state] of run.steps) {
          if (planStep(run, step) && (state.status === 'succeeded' || state.status === 'failed')) settlements.set(step, { status: state.status });
        }
        expect(replay(canvas, settlements)).toEqual(run);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** The value of a canvas in which every task returns its own name: by induction over the canvas. */
function valueOf(canvas: Canvas, previous: unknown): unknown {
  switch (canvas.kind) {
    case 'task':
      return canvas.task;
    case 'chain':
      return canvas.parts.reduce<unknown>((value, part) => valueOf(part, value), previous);
    case 'group':
      return canvas.members.map((member) =>
        canvas.policy === 'all' ? valueOf(member, previous) : { status: 'succeeded', value: valueOf(member, previous) },
      );
    case 'chord':
      return valueOf(canvas.body, valueOf(canvas.header, previous));
  }
}

describe('releasedBy', () => {
  it('gives the commands that advance gave, for settlements worked in one after the other', () => {
    fc.assert(
      fc.property(arbitrary, fc.option(randomCanvas), ([canvas, noise, numbers], inner) => {
        const failing = failingOf(canvas, numbers);
        const pick = (n: number) => (noise.next().value as number) % n;
        let run = advance(create(compile(canvas)), { type: 'started' }).run;
        for (let ready = readySteps(run); ready.length > 0; ready = readySteps(run)) {
          const step = ready[pick(ready.length)] as string;
          const settlement: Settlement = inner && step === '0' ? { status: 'replaced', canvas: inner } : { status: failing.has(taskOf(run, step)) ? 'failed' : 'succeeded' };
          const next = advance(run, { type: 'settled', step, settlement });
          run = next.run;
          expect(sorted(releasedBy(run, step))).toEqual(sorted(next.commands));
        }
      }),
      { numRuns: 3_000, endOnFailure: true },
    );
  });
});

const readySteps = (run: Run): string[] => [...run.steps].filter(([, state]) => state.status === 'ready').map(([id]) => id);
const sorted = (commands: ReadonlyArray<{ type: string; step?: string }>) => commands.map((command) => JSON.stringify(command)).toSorted();
