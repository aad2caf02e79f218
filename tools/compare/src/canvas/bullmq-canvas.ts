import { join } from 'node:path';
import { FlowProducer, Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { Child } from '../child.js';
import { crew } from '../crew.js';
import type { Undo } from '../undo.js';
import { endsQueue, type Step, stepsQueue } from './bullmq/steps.js';
import type { CanvasSystem, RunningCanvas } from './system.js';

const leaveNothing = { removeOnComplete: true, removeOnFail: true } as const;

/** Plain BullMQ 6: a chord is a flow, and each step of a chain is added by the one before. */
export const bullmqCanvas: CanvasSystem = {
  start: async ({ redisUrl, folder, undo }) => {
    const worker = new Child({
      name: 'bullmq-worker',
      command: process.execPath,
      args: [join(import.meta.dirname, '../../dist/canvas/bullmq/worker-process.js')],
      env: { ...process.env, COMPARE_REDIS_URL: redisUrl },
      logFile: join(folder, 'bullmq-worker.log'),
      ipc: true,
    });
    return { ...(await client(redisUrl, undo)), ...(await crew([worker], undo)) };
  },
};

async function client(redisUrl: string, undo: Undo): Promise<Pick<RunningCanvas, 'chord' | 'chain'>> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const flows = new FlowProducer({ connection });
  const steps = new Queue<Step>(stepsQueue, { connection, defaultJobOptions: leaveNothing });
  const ends = new Ends(new QueueEvents(endsQueue, { connection, lastEventId: '0-0' })); // from the beginning: none may be missed
  await undo.add(async () => connection.disconnect());
  await undo.add(() => Promise.all([flows.close(), steps.close(), ends.close()]));
  return {
    chord: async (width) => {
      const { run, value } = ends.await();
      const children = Array.from({ length: width }, (_, n) => ({ name: 'member', queueName: stepsQueue, data: n, opts: leaveNothing }));
      await flows.add({ name: 'body', queueName: endsQueue, opts: { ...leaveNothing, jobId: run }, children });
      return await value;
    },
    chain: async () => {
      const { run, value } = ends.await();
      await steps.add('step', { run, value: 0 });
      return await value;
    },
  };
}

/** The values of the last jobs, as their events tell them. */
class Ends {
  readonly #events: QueueEvents;
  readonly #waiting = new Map<string, PromiseWithResolvers<number>>();
  #count = 0;

  constructor(events: QueueEvents) {
    this.#events = events;
    events.on('completed', ({ jobId, returnvalue }) => this.#take(jobId)?.resolve(Number(returnvalue)));
    events.on('failed', ({ jobId, failedReason }) => this.#take(jobId)?.reject(new Error(failedReason)));
  }

  /** The id to give the last job, and the value it will have. */
  await(): { run: string; value: Promise<number> } {
    const run = `run-${this.#count++}`;
    const waiting = Promise.withResolvers<number>();
    this.#waiting.set(run, waiting);
    return { run, value: waiting.promise };
  }

  async close(): Promise<void> {
    await this.#events.close();
  }

  #take(run: string): PromiseWithResolvers<number> | undefined {
    const waiting = this.#waiting.get(run);
    this.#waiting.delete(run);
    return waiting;
  }
}
