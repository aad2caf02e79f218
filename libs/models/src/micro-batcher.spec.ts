import { ManualClock } from '@millrace/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MicroBatcher } from './micro-batcher.js';

const features = 2;

/** Batches run when told to; each row's output is its features' sum, three times. */
class Engine {
  readonly batches: number[] = [];
  readonly #ends: Array<() => void> = [];

  readonly run = async (matrix: Float32Array, rows: number): Promise<Float32Array> => {
    this.batches.push(rows);
    await new Promise<void>((resolve) => this.#ends.push(resolve));
    if (matrix.some((value) => value < 0)) throw new Error('negative');
    return Float32Array.from({ length: rows * 3 }, (_, at) => sumOf(matrix, Math.floor(at / 3)));
  };

  /** Ends the batch that runs and lets the next one begin. */
  async endBatch(): Promise<void> {
    this.#ends.shift()?.();
    await turns(3);
  }

  get isRunning(): boolean {
    return this.#ends.length > 0;
  }
}

const sumOf = (matrix: Float32Array, row: number): number => (matrix[row * features] ?? NaN) + (matrix[row * features + 1] ?? NaN);

const turns = async (count = 1): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

const setUp = (options: { windowMs?: number; maxRows?: number } = {}) => {
  const clock = new ManualClock();
  const engine = new Engine();
  return { clock, engine, batcher: new MicroBatcher(engine.run, { features, windowMs: 0, maxRows: 8, ...options }, clock) };
};

const rows = (...values: number[]): [Float32Array, number] => [Float32Array.from(values.flatMap((value) => [value, 1])), values.length];
const outputOf = (...values: number[]): number[] => values.flatMap((value) => [value + 1, value + 1, value + 1]);

describe('a batcher without a window', () => {
  it('runs together what comes in one turn, and then what came meanwhile', async () => {
    const { engine, batcher } = setUp();
    const outputs = [[1], [2, 3]].map((values) => batcher.run(...rows(...values)));
    await turns();
    outputs.push(batcher.run(...rows(4)), batcher.run(...rows(5)));
    expect(engine.batches).toEqual([3]);
    await engine.endBatch();
    expect(engine.batches).toEqual([3, 2]);
    await engine.endBatch();
    expect((await Promise.all(outputs)).map((output) => [...output])).toEqual([outputOf(1), outputOf(2, 3), outputOf(4), outputOf(5)]);
    expect(engine.isRunning).toBe(false);
  });

  it('makes no batch larger than allowed but of a call that is larger itself', async () => {
    const { engine, batcher } = setUp({ maxRows: 3 });
    const outputs = [[1], [2, 3], [4, 5], [6, 7, 8, 9]].map((values) => batcher.run(...rows(...values)));
    await turns();
    for (let i = 0; i < 3; i++) await engine.endBatch();
    await Promise.all(outputs);
    expect(engine.batches).toEqual([3, 2, 4]);
  });

  it('lets a bad call fail alone', async () => {
    const { engine, batcher } = setUp();
    const outputs = [[0], [1], [-2], [3]].map((values) => batcher.run(...rows(...values)));
    const settled = Promise.allSettled(outputs);
    await turns();
    for (let i = 0; i < 6; i++) await engine.endBatch();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });
});

describe('a batcher with a window', () => {
  it('waits for others until the window closes', async () => {
    const { clock, engine, batcher } = setUp({ windowMs: 5 });
    const first = batcher.run(...rows(1));
    await clock.advance(4);
    const second = batcher.run(...rows(2));
    expect(engine.batches).toEqual([]);
    await clock.advance(1);
    await turns();
    expect(engine.batches).toEqual([2]);
    await engine.endBatch();
    expect([...(await first), ...(await second)]).toEqual(outputOf(1, 2));
  });

  it('closes it early for the one with the least time left, less what a run has taken', async () => {
    const { clock, engine, batcher } = setUp({ windowMs: 100 });
    void batcher.run(...rows(1));
    await clock.advance(100);
    await turns();
    await clock.advance(50);
    await engine.endBatch();
    void batcher.run(...rows(2));
    void batcher.run(...rows(3), 40);
    await clock.advance(29);
    expect(engine.batches).toEqual([1]);
    await clock.advance(1);
    await turns();
    expect(engine.batches).toEqual([1, 2]);
  });

  it('closes it at once for one who has no time, and for a full batch', async () => {
    const { engine, batcher } = setUp({ windowMs: 100, maxRows: 3 });
    void batcher.run(...rows(1));
    void batcher.run(...rows(2), 0);
    await turns();
    expect(engine.batches).toEqual([2]);
    await engine.endBatch();
    void batcher.run(...rows(3));
    void batcher.run(...rows(4, 5));
    await turns();
    expect(engine.batches).toEqual([2, 3]);
  });

  it('gives each caller its own rows, whoever comes when', async () => {
    const event = fc.oneof(
      fc.record({ call: fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 5 }), timeLeftMs: fc.constantFrom(undefined, 0, 3, 50) }),
      fc.record({ advanceMs: fc.integer({ min: 0, max: 9 }) }),
      fc.constant('end' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), fc.constantFrom(0, 4), async (events, windowMs) => {
        const { clock, engine, batcher } = setUp({ windowMs });
        const calls: Array<readonly [number[], Promise<Float32Array>]> = [];
        for (const step of events) {
          if (step === 'end') await engine.endBatch();
          else if ('advanceMs' in step) await clock.advance(step.advanceMs);
          else calls.push([step.call, batcher.run(...rows(...step.call), step.timeLeftMs)]);
        }
        await clock.advance(10);
        await turns(2);
        while (engine.isRunning) await engine.endBatch();
        for (const [values, output] of calls) expect([...(await output)]).toEqual(outputOf(...values));
      }),
    );
  });
});
