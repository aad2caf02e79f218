import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { App, type Profile } from '@millrace/app';
import { group } from '@millrace/canvas';
import type { PoolKind } from '@millrace/tasks';
import { PoolWorker } from './pool-worker.js';
import { tasks } from './workload.js';

/** How one worker drained a full queue. */
export interface Drain {
  readonly startMs: number;
  readonly messages: number;
  readonly seconds: number;
  /** Memory of the worker and its children together, shared pages counted once (PSS), in megabytes: at each quarter of the way, and at the end. */
  readonly memoryMb: readonly number[];
}

const perRun = 50;

/** Has one worker do `messages` tasks that do nothing and wait in its queue already, in runs of 50. */
export async function drain(kind: PoolKind, messages: number, profile: Profile): Promise<Drain> {
  const queues = [{ name: 'tasks', leaseMs: 4_000, maxDeliveries: 20, pool: { kind, size: 2 } }];
  const app = await App.open({ profile, queues });
  for (let i = 0; i < messages / perRun; i++) {
    await app.client.run(group(Array.from({ length: perRun }, (_, n) => tasks.nothing.s(n))), { timeoutMs: 300_000 });
  }
  const worker = await PoolWorker.start({ profile, queues, concurrency: 50 });
  const startedAt = performance.now();
  const memoryMb: number[] = [];
  for (let left = messages; left > 0; left = await messagesLeft(app)) {
    while (memoryMb.length < 4 && left <= messages * (1 - (memoryMb.length + 1) / 4)) memoryMb.push(memoryOf(worker));
    await delay(50);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  while (memoryMb.length < 4) memoryMb.push(memoryOf(worker));
  await worker.kill();
  await app.close();
  return { startMs: worker.startMs, messages, seconds, memoryMb };
}

async function messagesLeft(app: App): Promise<number> {
  const { waiting, delayed, inFlight } = await app.depth('tasks');
  return waiting + delayed + inFlight;
}

function memoryOf({ pid, children }: PoolWorker): number {
  const kilobytes = [pid, ...children].map((each) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1]));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}
