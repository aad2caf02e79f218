import { type Clock, every, messageOf } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';
import type { FollowUp } from './follow-up.js';
import type { HintSender } from './hint-sender.js';
import type { EngineSettings } from './settings.js';
import { sweepAgain } from './sweep-times.js';

const batch = 100;

/** Does again what runs call for that have come to a halt, or whose time, or that of one of their joins, is up. */
export class Sweeper {
  #stop: (() => void) | undefined;

  constructor(
    private readonly runs: RunStore,
    private readonly followUp: FollowUp,
    private readonly hints: HintSender,
    private readonly deps: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics; readonly settings: EngineSettings },
  ) {}

  start(): void {
    this.#stop ??= every(this.deps.clock, this.deps.settings.sweepEveryMs, async () => {
      try {
        await this.sweep();
      } catch (err) {
        this.deps.log.warn({ reason: messageOf(err) }, 'sweep failed');
      }
    });
  }

  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** One pass over what is due; resolves with the number of runs that were. */
  async sweep(): Promise<number> {
    const due = await this.runs.due(this.deps.clock.now(), batch);
    const swept = await Promise.all(due.map((id) => this.#sweepRun(id)));
    return swept.filter(Boolean).length;
  }

  async #sweepRun(id: string): Promise<boolean> {
    const now = this.deps.clock.now();
    const run = await this.runs.read(id);
    if (!run) return false;
    const swept = await this.runs.sweep(id, { now, sweepAt: sweepAgain(run, now, this.deps.settings) });
    if (!swept?.applied) return false;
    this.deps.metrics.sweeps.inc();
    this.deps.log.info({ run: id, status: swept.run.status, epoch: swept.run.epoch }, 'run swept');
    const hints = await this.followUp.due(swept.run);
    this.hints.send(hints.filter(({ message }) => (message.notBefore ?? 0) <= now));
    return true;
  }
}
