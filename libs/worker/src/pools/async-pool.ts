import type { Slots } from '@millrace/kernel';
import type { AnyTask } from '@millrace/tasks';
import { HandlerRunner, type HandlerRunnerDeps } from '../handler-runner.js';
import type { Arguments, HandlerRun, Pool, Try } from './pool.js';

/**
 * Runs handlers on the event loop of the worker. It cannot end one: what a handler comes to after its try was given up is
 * dropped, and its slot is lost until it returns.
 */
export class AsyncPool implements Pool {
  readonly canKill = false;
  readonly #runner: HandlerRunner;
  #wanted: number;
  #lost = 0;

  constructor(
    readonly slots: Slots,
    deps: HandlerRunnerDeps,
  ) {
    this.#wanted = slots.own;
    this.#runner = new HandlerRunner({ ...deps, leftBehind: (returned) => this.#lose(returned) });
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    return this.#runner.run(task, tried, previous, given);
  }

  async resize(slots: number): Promise<void> {
    this.#wanted = slots;
    this.#fit();
  }

  #lose(returned: Promise<void>): void {
    this.#lost += 1;
    this.#fit();
    void returned.finally(() => {
      this.#lost -= 1;
      this.#fit();
    });
  }

  #fit(): void {
    this.slots.resize(this.#wanted - this.#lost);
  }
}
