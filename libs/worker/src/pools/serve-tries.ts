import type { ArtifactStore } from '@millrace/engine';
import { messageOf, MillraceError, systemClock } from '@millrace/kernel';
import type { Models } from '@millrace/models';
import { type AnyTask, type Outcome, stepErrorOf, taskErrors, TaskRegistry } from '@millrace/tasks';
import type { Log } from '@millrace/telemetry';
import { HandlerRunner } from '../handler-runner.js';
import type { ToChild } from './child-messages.js';
import { forwardedLog } from './forwarded-log.js';
import { type ParentLink, parentLink } from './parent-link.js';
import type { HandlerRun } from './pool.js';

/** What a child runs handlers with; its own, as nothing is shared with the worker. */
export interface ChildParts {
  readonly tasks: readonly AnyTask[];
  readonly artifacts: ArtifactStore;
  readonly models: Models;
}

/** The program of a pool's child: builds its parts from what the pool has passed on, then runs one try at a time. */
export function serveTries(prepare: (setup: unknown, log: Log) => Promise<ChildParts>): void {
  const parent = parentLink();
  const log = forwardedLog((message) => parent.send(message));
  let server: TryServer | undefined;
  const begin = async (setup: unknown): Promise<void> => {
    try {
      server = new TryServer(parent, await prepare(setup, log), log);
      parent.send({ type: 'ready' });
    } catch (err) {
      parent.send({ type: 'unfit', reason: messageOf(err) });
    }
  };
  parent.onMessage((message) => {
    if (message.type === 'begin') void begin(message.setup);
    else if (message.type === 'abort') server?.abort(message.reason);
    else void server?.run(message);
  });
}

type TryMessage = Extract<ToChild, { readonly tried: unknown }>;

class TryServer {
  readonly #registry: TaskRegistry;
  readonly #runner: HandlerRunner;
  #given = new AbortController();
  #leftBehind: Promise<void> | undefined;

  constructor(
    private readonly parent: ParentLink,
    { tasks, artifacts, models }: ChildParts,
    log: Log,
  ) {
    this.#registry = new TaskRegistry(tasks);
    this.#runner = new HandlerRunner({ artifacts, models, log, clock: systemClock, leftBehind: (returned) => this.#leave(returned) });
  }

  async run(message: TryMessage): Promise<void> {
    const { parent } = this;
    const { outcome, handlerMs } = await this.#handlerRun(message);
    const left = this.#leftBehind;
    const written = writtenOutcome(message.tried.step.signature.task, outcome);
    parent.send({ type: 'ended', outcome: written, handlerMs, returned: left === undefined, memoryMb: parent.memoryMb() });
    await left;
    if (left) parent.send({ type: 'returned', memoryMb: parent.memoryMb() });
  }

  abort(reason: ReturnType<typeof stepErrorOf>): void {
    this.#given.abort(new MillraceError(reason));
  }

  async #handlerRun(message: TryMessage): Promise<HandlerRun> {
    const { tried, previous } = message;
    this.#given = new AbortController();
    try {
      const task = this.#registry.get(tried.step.signature.task);
      if (message.type === 'try') return await this.#runner.run(task, tried, previous, this.#given.signal);
      await this.#runner.undo(task, tried, previous, new MillraceError(message.reason));
      return { outcome: { kind: 'succeeded', value: null }, handlerMs: 0 };
    } catch (thrown) {
      return { outcome: { kind: 'failed', error: stepErrorOf(thrown) }, handlerMs: 0 }; // there is no such task, or its arguments do not fit
    }
  }

  #leave(returned: Promise<void>): void {
    this.#leftBehind = returned.finally(() => {
      this.#leftBehind = undefined;
    });
  }
}

function writtenOutcome(task: string, outcome: Outcome): string {
  try {
    return JSON.stringify(outcome);
  } catch (cause) {
    const error = taskErrors.error('MILLRACE_TASK_RESULT', `the result of ${task} cannot be written as JSON`, { cause });
    return JSON.stringify({ kind: 'failed', error: stepErrorOf(error) } satisfies Outcome);
  }
}
