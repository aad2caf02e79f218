import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signature, type SignatureOptions, withOptions } from '@millrace/canvas';
import { MillraceError, systemClock } from '@millrace/kernel';
import { taskErrors, TaskRegistry } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HandlerRun, Pool, TryRunner } from '../pool.js';
import { poolTasks } from './pool-tasks.js';

export interface OpenPool {
  /** Where the pool's handlers keep their artifacts. */
  readonly folder: string;
  readonly size: number;
  readonly log: Log;
}

const registry = new TaskRegistry(poolTasks);
const raw = { key: 'raw/1', bytes: 1, sha256: '', contentType: 'text/csv' };

/** A try of `name`, run by `pool`. */
export function tryIn(pool: TryRunner, name: string, { args = [], previous = [], given = new AbortController().signal, ...options }: TryInit = {}): Promise<HandlerRun> {
  const run = { id: 'run_1', tenant: 'acme', raw, finaliseAt: systemClock.now() + 60_000 };
  return pool.run(registry.get(name), { id: '3', run, step: { signature: withOptions(signature(name, ...args), options) }, attempt: 2, claim: 5 }, previous, given);
}

export interface TryInit extends SignatureOptions {
  readonly args?: readonly unknown[];
  readonly previous?: readonly unknown[];
  readonly given?: AbortSignal;
}

/** What every pool does. `open` makes one of `size` slots and starts it. */
export function describePool(kind: string, open: (init: OpenPool) => Promise<Pool>): void {
  describe(`a pool: ${kind}`, () => {
    let folder: string;
    let pool: Pool;
    let lines: Array<readonly [Record<string, unknown>, string]>;
    const log: Log = {
      debug: () => undefined,
      info: (fields, message) => void lines.push([fields, message]),
      warn: (fields, message) => void lines.push([fields, message]),
      error: () => undefined,
      child: (common) => ({ ...log, info: (fields, message) => log.info({ ...common, ...fields }, message) }),
    };
    const outcomeOf = async (name: string, init?: TryInit) => (await tryIn(pool, name, init)).outcome;
    const words = () => lines.map(([, message]) => message);
    /** Resolves when all slots are free. */
    const whole = async (size = 2) => {
      for (let taken = 0; taken < size; ) taken += await pool.slots.take(size - taken);
      pool.slots.give(size);
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'millrace-pool-'));
      pool = await open({ folder, size: 2, log });
    });

    beforeEach(() => {
      lines = [];
    });

    afterAll(async () => {
      await pool.stop();
      await rm(folder, { recursive: true });
    });

    describe('a handler', () => {
      it('gets its arguments and gives a result', async () => {
        expect(await outcomeOf('pool.echo', { args: ['own', { n: 1 }], previous: [[1, 2]] })).toEqual({ kind: 'succeeded', value: [[1, 2], 'own', { n: 1 }] });
        expect(await outcomeOf('pool.nothing')).toEqual({ kind: 'succeeded' });
      });

      it('gets the facts of its try', async () => {
        expect(await outcomeOf('pool.facts')).toEqual({ kind: 'succeeded', value: { run: 'run_1', step: '3', task: 'pool.facts', tenant: 'acme', attempt: 2, raw: 'raw/1' } });
      });

      it('reads and writes artifacts', async () => {
        const text = 'a note that is too long for a reference '.repeat(20);
        expect(await outcomeOf('pool.artifacts', { args: [text] })).toMatchObject({ kind: 'succeeded', value: { read: text, head: 'a no', ref: { contentType: 'text/plain', bytes: text.length } } });
      });

      it('runs models', async () => {
        expect(await outcomeOf('pool.model', { args: [21] })).toEqual({ kind: 'succeeded', value: [42] });
      });

      it('gives way to a canvas', async () => {
        expect(await outcomeOf('pool.replaced')).toMatchObject({ kind: 'replaced', canvas: { kind: 'group', members: [{ task: 'pool.echo', args: [1] }, { task: 'pool.echo', args: [2] }] } });
      });

      it('fails with its code, whether it may be tried again, and the facts', async () => {
        expect(await outcomeOf('pool.coded')).toEqual({ kind: 'failed', error: { code: 'MILLRACE_TEST_CODED', message: 'no use', retryable: false, detail: { column: 'price' } } });
        expect(await outcomeOf('pool.thrown')).toEqual({ kind: 'failed', error: { code: 'MILLRACE_TASK_THREW', message: 'passing', retryable: true } });
        expect(words()).toEqual(['handler threw', 'handler threw']);
      });

      it('is refused arguments that do not fit', async () => {
        expect(await outcomeOf('pool.model', { args: ['x'] })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_ARGUMENTS' } });
      });

      it('writes to the log of the worker', async () => {
        await tryIn(pool, 'pool.logs');
        expect(lines).toEqual([[expect.objectContaining({ run: 'run_1', step: '3', task: 'pool.logs', rows: 3, err: expect.objectContaining({ message: 'shown' }) }), 'counted']]);
      });

      it('sees how much time it has left', async () => {
        const { outcome } = await tryIn(pool, 'pool.times', { softLimitMs: 20_000, hardLimitMs: 30_000 });
        const [run, soft, hard] = (outcome as { value: number[] }).value as [number, number, number];
        for (const [left, limit] of [[run, 60_000], [soft, 20_000], [hard, 30_000]] as const) {
          expect(left).toBeLessThanOrEqual(limit);
          expect(left).toBeGreaterThan(limit - 10_000);
        }
      });
    });

    describe('limits', () => {
      it('give a handler time to clean up between the soft one and the hard one', async () => {
        expect(await outcomeOf('pool.heedful', { softLimitMs: 20, hardLimitMs: 30_000 })).toEqual({ kind: 'succeeded', value: 'MILLRACE_TASK_TIMEOUT' });
      });

      it('fail a handler that stops at the soft one, and let it undo what it began', async () => {
        expect(await outcomeOf('pool.obedient', { args: ['room 7'], softLimitMs: 20 })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_TIMEOUT', retryable: true } });
        expect(lines).toMatchObject([[{ args: ['room 7'] }, 'timeout hook']]);
        await whole();
      });

      it('end a try whose handler goes on after the hard one; its slot is back when it has returned or been replaced', async () => {
        expect(await outcomeOf('pool.deaf', { args: [join(folder, 'end')], softLimitMs: 10, hardLimitMs: 60 })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED', retryable: true } });
        expect(pool.slots.own).toBe(1);
        if (!pool.canKill) await writeFile(join(folder, 'end'), '');
        await whole();
        expect(await outcomeOf('pool.echo', { args: ['again'] })).toEqual({ kind: 'succeeded', value: ['again'] });
      });

      it('leave the others of the pool alone', async () => {
        const given = new AbortController();
        const sibling = outcomeOf('pool.heedful', { given: given.signal, softLimitMs: 60_000, hardLimitMs: 60_000 });
        await outcomeOf('pool.deaf', { args: [join(folder, 'last')], softLimitMs: 10, hardLimitMs: 30 });
        given.abort(taskErrors.error('MILLRACE_TASK_STOPPED', 'enough'));
        expect(await sibling).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_STOPPED' } });
        await writeFile(join(folder, 'last'), '');
        await whole();
      });
    });

    it('lets a task undo what it began when its handler was killed', async () => {
      const { outcome } = await tryIn(pool, 'pool.booking', { args: [join(folder, 'never')], softLimitMs: 10, hardLimitMs: 60 });
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_KILLED' } });
      await vi.waitUntil(() => words().includes('booking undone'), { timeout: 10_000 });
      await writeFile(join(folder, 'never'), '');
      await whole();
    });

    describe('a delivery that is given up', () => {
      it.each([
        ['MILLRACE_TASK_REVOKED', 'revoked hook'],
        ['MILLRACE_TASK_LATE', 'timeout hook'],
      ] as const)('for %s: the handler is told why, and its hook runs', async (code, word) => {
        const given = new AbortController();
        const ended = outcomeOf('pool.obedient', { given: given.signal });
        given.abort(taskErrors.error(code, 'it is over'));
        expect(await ended).toMatchObject({ kind: 'failed', error: { code, message: 'it is over' } });
        expect(words()).toEqual([word]);
      });

      it('before it began is over at once', async () => {
        const given = new AbortController();
        given.abort(taskErrors.error('MILLRACE_TASK_STOPPED', 'too late'));
        expect(await outcomeOf('pool.heedful', { given: given.signal })).toMatchObject({ kind: 'failed', error: { code: 'MILLRACE_TASK_STOPPED' } });
        expect(MillraceError.is(given.signal.reason)).toBe(true);
      });
    });

    describe('its slots', () => {
      it('are as many as were asked for', async () => {
        await pool.resize(3);
        await whole(3);
        await pool.resize(1);
        await whole(1);
        expect(pool.slots.size).toBe(1);
        await pool.resize(2);
        await whole();
      });
    });
  });
}
