import type { OutgoingMessage } from '@millrace/broker';
import type { Canvas } from '@millrace/canvas';
import { decodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import { ArtifactStore, callbackTask, defaultSettings, FollowUp, HintSender } from '@millrace/engine';
import { ManualClock, seededRandom, Slots } from '@millrace/kernel';
import type { RunHead, RunRecord } from '@millrace/run-store';
import { type AnyTask, Router } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import type { Execution } from '../executor.js';
import { TaskExecutor } from '../task-executor.js';

/** A task executor over in-memory stores, with the messages it sends caught. */
export class ExecutorBench {
  readonly clock = new ManualClock();
  readonly runs = new MemoryRunStore();
  readonly blobs = new MemoryBlobStore();
  readonly sent: TaskMessage[] = [];
  readonly executor: TaskExecutor;
  readonly followUp: FollowUp;
  readonly hints: HintSender;
  readonly slots = new Slots(10);
  readonly random = seededRandom(1);
  /** Queues whose steps the worker goes on with by itself. */
  served: readonly string[] = [];
  onPublish: (messages: readonly OutgoingMessage[]) => unknown = () => undefined;
  lost = new AbortController();
  stopped = new AbortController();

  constructor(tasks: readonly AnyTask[]) {
    const queue = { name: 'work', leaseMs: 4_000, maxDeliveries: 10 };
    const router = new Router([{ task: '**', queue: 'work' }], [queue]);
    const publish = async (messages: readonly OutgoingMessage[]) => {
      this.onPublish(messages);
      this.sent.push(...messages.map((message) => decodeTaskMessage(message.body)));
      return [];
    };
    const capabilities = { maxDelayMs: 900_000, maxBytes: 262_144, deduplicates: false, exactDepth: true, priorities: false, groupsTakeTurns: false };
    const base = { clock: this.clock, random: this.random, log: silentLog, metrics: new Metrics('test'), settings: defaultSettings };
    this.hints = new HintSender({ publish, capabilities }, router, base);
    this.followUp = new FollowUp(this.runs, base);
    const models = { get: () => { throw new Error('no models here'); } };
    this.executor = new TaskExecutor(tasks, { ...base, runs: this.runs, artifacts: new ArtifactStore(this.blobs), hints: this.hints, models });
  }

  /** Begins a run; unless `more` says otherwise, one with a callback. */
  async begin(canvas: Canvas, more: Partial<RunHead> = {}): Promise<RunRecord> {
    const now = this.clock.now();
    const callback = { url: 'https://example.com/hook' };
    const head = { id: 'ing_1', tenant: 'default', canvas, callback, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000, ...more };
    const { run } = await this.runs.create(head, now + 2_000);
    this.hints.send(await this.followUp.all(run));
    await this.hints.flush();
    return run;
  }

  execute(message: TaskMessage) {
    return this.executor.execute(message, this.#execution());
  }

  /** Begins to carry out a message; resolves when its handler is at work. */
  async started(message: TaskMessage): Promise<{ ended: ReturnType<ExecutorBench['execute']> }> {
    const ended = this.execute(message);
    await this.clock.advance(0);
    return { ended };
  }

  /** Carries out what was sent, in the order that `pick` chooses, until only callbacks are left. */
  async drain(pick: (n: number) => number = () => 0): Promise<void> {
    for (let open = this.#steps(); open.length > 0; open = this.#steps()) {
      const message = open[pick(open.length)] as TaskMessage;
      this.sent.splice(this.sent.indexOf(message), 1);
      await this.clock.advance(Math.max(0, (message.notBefore ?? 0) - this.clock.now()));
      const disposition = await this.execute(message);
      if (disposition.kind === 'release') this.sent.push(message);
    }
  }

  async record(id = 'ing_1'): Promise<RunRecord> {
    return (await this.runs.read(id)) as RunRecord;
  }

  get callbacks(): readonly TaskMessage[] {
    return this.sent.filter((message) => message.task === callbackTask);
  }

  #steps(): readonly TaskMessage[] {
    return this.sent.filter((message) => message.task !== callbackTask);
  }

  #execution(): Execution {
    return {
      lease: { lost: this.lost.signal, extend: async () => true },
      stopped: this.stopped.signal,
      slots: this.slots,
      queue: 'tasks',
      serves: (queue) => this.served.includes(queue),
    };
  }
}
