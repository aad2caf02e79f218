import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { systemRandom } from '@millrace/kernel';
import { CallbackReceiver, type Payload, Stack } from '@millrace/local-stack';
import type { Redis } from 'ioredis';
import { poissonArrivals, uniformArrivals } from './arrivals.js';
import type { BenchOptions } from './bench-options.js';
import { Ingester, type Outcome } from './ingester.js';
import { closedLoop, openLoop } from './load.js';
import { Observer, type Reading } from './observer.js';
import type { Measured } from './report.js';

export interface Subject {
  readonly stack: Stack;
  readonly receiver: CallbackReceiver;
  readonly redis?: Redis;
  readonly payload: Payload;
  /** How many processes have died so far. */
  deaths(): number;
}

const settleMs = 2000;

/** Runs the phases: idle, warm-up, the load that counts. `phase` is told each of them. */
export async function bench(options: BenchOptions, subject: Subject, phase: (name: string) => void): Promise<Measured> {
  const { stack, receiver, redis, payload, deaths } = subject;
  const observer = new Observer(stack, redis);
  const ingester = new Ingester(stack.apiUrl, receiver, { ...payload, body: await readFile(payload.file) });
  phase(`idle for ${options.idle} s`);
  await delay(settleMs);
  const idle = await around(observer, () => delay(options.idle * 1000));
  phase(`warming up for ${options.warmup} s`);
  await runLoad(options, options.warmup, ingester);
  phase(`load for ${options.duration} s`);
  const memory = observer.sampleMemory();
  let outcomes: readonly Outcome[] = [];
  const load = await around(observer, async () => {
    outcomes = await runLoad(options, options.duration, ingester);
  });
  await ingester.close();
  return { options, idle, load, memory: await memory(), outcomes, deaths: deaths() };
}

async function around(observer: Observer, act: () => Promise<unknown>): Promise<[Reading, Reading]> {
  const before = await observer.read();
  await act();
  return [before, await observer.read()];
}

function runLoad({ load }: BenchOptions, seconds: number, ingester: Ingester): Promise<Outcome[]> {
  const ingest = () => ingester.ingest();
  if (load.loop === 'closed') return closedLoop(load.outstanding, seconds, ingest);
  const arrivals = load.arrivals === 'uniform' ? uniformArrivals(load.rate, seconds) : poissonArrivals(load.rate, seconds, systemRandom);
  return openLoop(arrivals, ingest);
}
