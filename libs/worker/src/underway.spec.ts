import { signature } from '@millrace/canvas';
import { ManualClock } from '@millrace/kernel';
import { defineTask } from '@millrace/tasks';
import { type Activity, EventBus } from '@millrace/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { HandlerRun, Try } from './pools/pool.js';
import { Underway } from './underway.js';

const task = defineTask({ name: 'n.wait', args: z.tuple([]), handler: async () => 1 });
const tryOf = (run: string, id = '0'): Try => ({ id, run: { id: run, tenant: 't', finaliseAt: 9 }, step: { signature: signature('n.wait') }, attempt: 2, claim: 3 });
const never = new AbortController().signal;

let clock: ManualClock;
let told: Activity[];
let ends: Array<(ended: HandlerRun) => void>;
let signals: AbortSignal[];
let underway: Underway;

beforeEach(() => {
  clock = new ManualClock(1_000);
  told = [];
  ends = [];
  signals = [];
  const events = new EventBus('p', clock);
  events.listen((event) => told.push(event));
  const runner = { run: (...given: Parameters<Underway['run']>) => new Promise<HandlerRun>((resolve) => (signals.push(given[3]), ends.push(resolve))) };
  underway = new Underway(runner, { clock, events });
});

const succeeded: HandlerRun = { outcome: { kind: 'succeeded', value: 1 }, handlerMs: 5 };
const revoked: HandlerRun = { outcome: { kind: 'failed', error: { code: 'MILLRACE_TASK_REVOKED', message: 'x', retryable: false } }, handlerMs: 5 };

describe('tries at work', () => {
  it('are known from their beginning to their end', async () => {
    const first = underway.run(task, tryOf('r1'), [], never);
    await clock.advance(250);
    const second = underway.run(task, tryOf('r2', '7#3'), [], never);
    expect(underway.active()).toEqual([
      { run: 'r1', step: '0', task: 'n.wait', attempt: 2, since: 1_000 },
      { run: 'r2', step: '7#3', task: 'n.wait', attempt: 2, since: 1_250 },
    ]);
    for (const end of ends) end(succeeded);
    expect(await Promise.all([first, second])).toEqual([succeeded, succeeded]);
    expect(underway.active()).toEqual([]);
  });

  it('are forgotten when their runner fails', async () => {
    const failing = new Underway({ run: () => Promise.reject(new Error('no store')) }, { clock });
    await expect(failing.run(task, tryOf('r1'), [], never)).rejects.toThrow('no store');
    expect(failing.active()).toEqual([]);
  });

  it('of one run are given up, all of them, and no others', async () => {
    const all = [underway.run(task, tryOf('r1', '0'), [], never), underway.run(task, tryOf('r1', '1'), [], never), underway.run(task, tryOf('r2'), [], never)];
    expect(underway.revoke('r1')).toBe(2);
    expect(underway.revoke('nobody')).toBe(0);
    expect(signals.map((signal) => signal.aborted && (signal.reason as { code: string }).code)).toEqual(['MILLRACE_TASK_REVOKED', 'MILLRACE_TASK_REVOKED', false]);
    for (const end of ends) end(revoked);
    await Promise.all(all);
  });

  it('are given up with their delivery, for its reason', async () => {
    const given = new AbortController();
    const run = underway.run(task, tryOf('r1'), [], given.signal);
    given.abort(new Error('lease lost'));
    expect(signals[0]?.reason).toEqual(new Error('lease lost'));
    ends[0]?.(revoked);
    await run;
  });

  it('are told of: that they began, and that they were given up', async () => {
    const runs = [underway.run(task, tryOf('r1'), [], never), underway.run(task, tryOf('r2'), [], never)];
    ends[0]?.(succeeded);
    ends[1]?.(revoked);
    await Promise.all(runs);
    expect(told).toMatchObject([{ type: 'task.started', run: 'r1', step: '0', task: 'n.wait', attempt: 2, source: 'p' }, { type: 'task.started', run: 'r2' }, { type: 'task.revoked', run: 'r2' }]);
  });
});
