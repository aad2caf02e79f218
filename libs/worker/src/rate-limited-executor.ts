import type { Disposition } from '@millrace/broker';
import type { TaskMessage } from '@millrace/contracts';
import type { EngineSettings, Hint, HintSender } from '@millrace/engine';
import type { Clock } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import { ack, type Execution, type Executor } from './executor.js';
import type { Bucket, TaskRates } from './task-rates.js';

export interface RateLimitedExecutorDeps {
  readonly rates: TaskRates;
  readonly runs: Pick<RunStore, 'touch'>;
  readonly hints: HintSender;
  readonly clock: Clock;
  readonly settings: EngineSettings;
}

const noTurnYet: Disposition = { kind: 'release', delayMs: 60_000 };

/**
 * Lets calls of tasks with a rate limit begin when it is their turn, over all workers. A call that has to wait gets its turn
 * kept and holds neither a slot nor a worker: its message is sent anew for then. Members of wide groups are parted until each
 * has a message of its own. A lost message costs the turn that was kept for it.
 */
export class RateLimitedExecutor implements Executor {
  constructor(
    private readonly inner: Executor,
    private readonly deps: RateLimitedExecutorDeps,
  ) {}

  async execute(message: TaskMessage, execution: Execution): Promise<Disposition> {
    const { rates } = this.deps;
    const bucket = message.turn ? undefined : rates.bucketOf(message.task, message.rateKey);
    if (!bucket) return await this.inner.execute(message, followed(execution, rates));
    const parts = partsOf(message);
    if (parts) return this.#send(parts, execution);
    return await this.#inTurn(message, bucket, execution);
  }

  async #inTurn(message: TaskMessage, bucket: Bucket, execution: Execution): Promise<Disposition> {
    const { rates, runs, clock, settings } = this.deps;
    const waitMs = await rates.turnIn(bucket);
    if (waitMs === undefined) return noTurnYet;
    if (waitMs <= 0) return await this.inner.execute(message, followed(execution, rates));
    const notBefore = Math.ceil(clock.now() + waitMs);
    await runs.touch(message.run, notBefore + settings.sweepAfterMs);
    return this.#send([{ ...message, notBefore, turn: true }], execution);
  }

  #send(messages: readonly TaskMessage[], { queue }: Execution): Disposition {
    this.deps.hints.send(messages.map((message): Hint => ({ message, queue })));
    return ack;
  }
}

/** A following step of a task with a limit is not begun on the same delivery: it has to wait for its turn like any other. */
const followed = (execution: Execution, rates: TaskRates): Execution => ({
  ...execution,
  serves: (queue, task) => !rates.isLimited(task) && execution.serves(queue, task),
});

/** A message for several members as two, each for half of them; undefined for one that cannot be parted. */
function partsOf(message: TaskMessage): readonly TaskMessage[] | undefined {
  const [from, to] = message.members ?? [0, 1];
  if (to - from <= 1) return undefined;
  const middle = Math.ceil((from + to) / 2);
  return [
    { ...message, members: [from, middle] },
    { ...message, members: [middle, to] },
  ];
}
