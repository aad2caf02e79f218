import type { StepError } from '@millrace/contracts';
import type { Clock } from '@millrace/kernel';
import { type Outcome, stepErrorOf, taskErrors, type TaskPolicy } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { onAbort } from '../delivery-watch.js';
import { undoMs } from '../handler-runner.js';
import type { ChildLink } from './child-link.js';
import type { FromChild } from './child-messages.js';
import { poolErrors } from './errors.js';
import { type Arguments, type HandlerRun, type Try, tryOf } from './pool.js';
import { killed } from './try-limits.js';

/** How long a handler without a hard limit may go on after its soft one, and any handler after an abort: a hook's time, and some. */
const graceMs = undoMs + 5_000;

/** Models and modules are loaded meanwhile. */
const longestStartMs = 60_000;

export interface ChildTry {
  readonly tried: Try;
  readonly previous: Arguments;
  readonly policy: TaskPolicy;
  readonly given: AbortSignal;
  /** Why the process that ran it was killed, when only its hook is to run. */
  readonly undo?: StepError;
}

/** `isCut`: its child had to be killed, so nobody has undone what it began. */
export type ChildRun = HandlerRun & { readonly isCut?: true };

/** `left`: its try is over, but the handler has not returned. `ending`: it has been let go of. */
export type ChildState = 'starting' | 'free' | 'at-work' | 'left' | 'ending' | 'gone';

interface AtWork {
  readonly task: string;
  readonly policy: TaskPolicy;
  readonly startedAt: number;
  readonly releases: Array<() => void>;
  /** Undefined once the try is over. */
  end: ((run: ChildRun) => void) | undefined;
}

export interface ChildDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Told of each change of the child's state. */
  readonly changed: (child: PoolChild) => void;
}

/** One child of a pool: is told what to run, and tells what becomes of it, also when the child dies of it. */
export class PoolChild {
  #state: ChildState = 'starting';
  #wasReady = false;
  #wasLetGo = false;
  #tries = 0;
  #memoryMb = 0;
  #wasOverdue = false;
  #atWork: AtWork | undefined;

  constructor(
    private readonly link: ChildLink,
    private readonly deps: ChildDeps,
  ) {
    link.onMessage((message) => this.#receive(message));
    void link.gone.then((how) => this.#lose(how));
  }

  get state(): ChildState {
    return this.#state;
  }

  /** Resolves when the child is there no more. */
  get gone(): Promise<unknown> {
    return this.link.gone;
  }

  /** Whether it ever got as far as running tries. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  /** Whether the pool itself has ended it. */
  get wasLetGo(): boolean {
    return this.#wasLetGo;
  }

  /** Tries begun so far. */
  get tries(): number {
    return this.#tries;
  }

  /** What it held after its last try. */
  get memoryMb(): number {
    return this.#memoryMb;
  }

  /** Whether one of its handlers went on after its hard limit; nobody knows in what state that left it. */
  get wasOverdue(): boolean {
    return this.#wasOverdue;
  }

  /** Resolves when it is free; rejects with MILLRACE_POOL_CHILD. */
  async start(setup: unknown): Promise<void> {
    const cancel = this.deps.clock.after(longestStartMs, () => this.link.kill());
    const ready = new Promise<void>((resolve, reject) => {
      this.link.onMessage((message) => {
        if (message.type === 'ready') resolve();
        if (message.type === 'unfit') reject(poolErrors.error('MILLRACE_POOL_CHILD', `a child could not start: ${message.reason}`));
      });
      void this.link.gone.then((how) => reject(poolErrors.error('MILLRACE_POOL_CHILD', `a child ended before it was ready: ${how}`)));
    });
    this.link.send({ type: 'begin', setup });
    await ready.finally(cancel);
  }

  /** Runs a try, or what undoes one; the child must be free. */
  run({ tried, previous, policy, given, undo }: ChildTry): Promise<ChildRun> {
    const { clock } = this.deps;
    const { task } = tried.step.signature;
    const { hardLimitMs = policy.softLimitMs + graceMs } = policy;
    this.#tries += 1;
    return new Promise((resolve) => {
      const releases = [clock.after(hardLimitMs, () => this.#overdue(killed(task, hardLimitMs)))];
      this.#atWork = { task, policy, startedAt: clock.monotonic(), end: resolve, releases };
      this.#become('at-work');
      this.link.send({ ...(undo ? { type: 'undo', reason: undo } : { type: 'try' }), tried: tryOf(tried), previous });
      releases.push(onAbort(given, () => this.#giveUp(given.reason)));
    });
  }

  /** Ends it, whatever it does; but a thread that is not free is left alone. */
  end(): void {
    if (this.#state === 'free') this.link.end();
    else if (this.link.canKill) this.link.kill();
    else return;
    this.#become('ending');
  }

  #receive(message: FromChild): void {
    switch (message.type) {
      case 'ready':
        this.#wasReady = true;
        return this.#become('free');
      case 'unfit':
        return this.link.kill();
      case 'ended':
        this.#settle({ outcome: JSON.parse(message.outcome) as Outcome, handlerMs: message.handlerMs });
        return message.returned ? this.#rest(message.memoryMb) : this.#become('left');
      case 'returned':
        return this.#rest(message.memoryMb);
      case 'log':
        return this.deps.log[message.level](message.fields, message.message);
    }
  }

  #giveUp(reason: unknown): void {
    this.link.send({ type: 'abort', reason: stepErrorOf(reason) });
    this.#atWork?.releases.push(this.deps.clock.after(graceMs, () => this.#overdue(reason)));
  }

  #overdue(reason: unknown): void {
    this.#wasOverdue = true;
    this.deps.log.warn({ task: this.#atWork?.task }, this.link.canKill ? 'child killed: its handler went on for too long' : 'handler goes on for too long; its slot is lost until it returns');
    this.#fail(reason, { isCut: true });
    if (this.link.canKill) this.link.kill();
    this.#become(this.link.canKill ? 'ending' : 'left');
  }

  #lose(how: string): void {
    const { task } = this.#atWork ?? {};
    if (task) this.#fail(taskErrors.error('MILLRACE_TASK_CRASHED', `the child that ran ${task} ended: ${how}`));
    this.#release();
    this.#become('gone');
  }

  #fail(reason: unknown, more: Pick<ChildRun, 'isCut'> = {}): void {
    const handlerMs = this.deps.clock.monotonic() - (this.#atWork?.startedAt ?? 0);
    this.#settle({ outcome: { kind: 'failed', error: stepErrorOf(reason, this.#atWork?.policy) }, handlerMs, ...more });
  }

  /** The try is over; what comes of its handler after that is not looked at. */
  #settle(run: ChildRun): void {
    const end = this.#atWork?.end;
    if (!this.#atWork || !end) return;
    this.#atWork.end = undefined;
    end(run);
  }

  #rest(memoryMb: number): void {
    this.#memoryMb = memoryMb;
    this.#release();
    this.#become('free');
  }

  #release(): void {
    for (const release of this.#atWork?.releases ?? []) release();
    this.#atWork = undefined;
  }

  #become(state: ChildState): void {
    if (this.#state === state || this.#state === 'gone' || (this.#state === 'ending' && state !== 'gone')) return;
    this.#wasLetGo ||= state === 'ending';
    this.#state = state;
    this.deps.changed(this);
  }
}
