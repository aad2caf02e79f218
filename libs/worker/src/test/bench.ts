import type { OutgoingMessage } from '@millrace/broker';
import type { Canvas } from '@millrace/canvas';
import { decodeTaskMessage, type TaskMessage } from '@millrace/contracts';
import { ArtifactStore, callbackTask, defaultSettings, HintSender, nextHints, StepResults } from '@millrace/engine';
import { ManualClock, seededRandom } from '@millrace/kernel';
import type { RunRecord } from '@millrace/run-store';
import { type AnyTask, Router, TaskRegistry } from '@millrace/tasks';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import type { Execution } from '../executor.js';
import { HandlerRunner } from '../handler-runner.js';
import { Reporter } from '../reporter.js';
import { StepExecutor } from '../step-executor.js';

/** A step executor over in-memory stores, with the messages it sends caught. */
export class ExecutorBench {
  readonly clock = new ManualClock();
  readonly runs = new MemoryRunStore();
  readonly blobs = new MemoryBlobStore();
  readonly sent: TaskMessage[] = [];
  readonly executor: StepExecutor;
  readonly random = seededRandom(1);
  /** Queues whose steps the worker goes on with by itself. */
  served: readonly string[] = [];
  lost = new AbortController();
  stopped = new AbortController();

  constructor(tasks: readonly AnyTask[]) {
    const queue = { name: 'work', leaseMs: 4_000, maxDeliveries: 10 };
    const router = new Router([{ task: '**', queue: 'work' }], [queue]);
    const publish = async (messages: readonly OutgoingMessage[]) => {
      this.sent.push(...messages.map((message) => decodeTaskMessage(message.body)));
      return [];
    };
    const artifacts = new ArtifactStore(this.blobs);
    const base = {
      runs: this.runs,
      artifacts,
      results: new StepResults(artifacts),
      hints: new HintSender({ publish }, router, silentLog),
      models: { get: () => { throw new Error('no models here'); } },
      clock: this.clock,
      random: this.random,
      log: silentLog,
      metrics: new Metrics('test'),
      settings: defaultSettings,
    };
    this.executor = new StepExecutor({
      ...base,
      registry: new TaskRegistry(tasks),
      runner: new HandlerRunner(base),
      reporter: new Reporter(this.runs, artifacts, base),
    });
  }

  async begin(canvas: Canvas, id = 'ing_1'): Promise<RunRecord> {
    const now = this.clock.now();
    const raw = { key: `raw/${id}`, bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv' };
    const head = { id, tenant: 'default', canvas, raw, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000 };
    const { run } = await this.runs.create(head, now + 2_000);
    this.sent.push(...nextHints(run, now));
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
      serves: (queue) => this.served.includes(queue),
    };
  }
}
