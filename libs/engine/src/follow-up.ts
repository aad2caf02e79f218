import { callsFor, type Command, countedBy, releasedBy, type StepId } from '@millrace/canvas';
import { assertNever, type Clock } from '@millrace/kernel';
import type { RunRecord, RunStore } from '@millrace/run-store';
import { callbackHint, type Hint, stepHint } from './hints.js';
import { progressOf } from './progress.js';
import type { EngineSettings } from './settings.js';
import { joinDeadlines } from './step-times.js';
import { nextSweep } from './sweep-times.js';

type JoinCommand = Extract<Command, { type: 'join' }>;

/**
 * Does what a record calls for: hints for the steps that are ready, the settlement of joins that are due, the end of the
 * run. What it is to do is read off the record alone, so doing it again, or from two places at once, does no harm.
 */
export class FollowUp {
  readonly #done = new WeakMap<RunRecord, Set<string>>();

  constructor(
    private readonly runs: Pick<RunStore, 'settle' | 'finish'>,
    private readonly deps: { readonly clock: Clock; readonly settings: EngineSettings },
  ) {}

  /**
   * What the settlement of `step` calls for and nothing that was called for before. `record` is the reply of the update
   * that settled it, so of several steps settling at once exactly one sees a latch complete; steps that were settled in
   * one update share their record, and the first of them carries out what they call for together. Resolves with the hints.
   */
  after(record: RunRecord, step: StepId): Promise<readonly Hint[]> {
    return this.#carryOut(record, this.#firstTime(record, releasedBy(progressOf(record), step)));
  }

  /** All that a record calls for, also what was called for before. A delivery that has begun is left to the sweeper. */
  async all(record: RunRecord): Promise<readonly Hint[]> {
    if (record.status === 'finalizing') return [callbackHint(record)];
    if (record.status !== 'received' && record.status !== 'running') return [];
    const now = this.deps.clock.now();
    if (now >= record.finaliseAt) return this.#end(record);
    return this.#carryOut(record, this.#callsFor(record, now));
  }

  /** What the sweeper is to do for a record that is due. */
  due(record: RunRecord): Promise<readonly Hint[]> {
    return record.status === 'delivering' ? Promise.resolve([callbackHint(record)]) : this.all(record);
  }

  #firstTime(record: RunRecord, commands: readonly Command[]): readonly Command[] {
    if (commands.length === 0) return commands;
    const done = this.#done.get(record) ?? new Set();
    this.#done.set(record, done);
    return commands.filter((command) => {
      const key = command.type === 'finish' ? command.type : `${command.type} ${command.step}`;
      return !done.has(key) && done.add(key);
    });
  }

  /** The time of the run is up, or nothing of it is left to run. */
  async #end(record: RunRecord): Promise<readonly Hint[]> {
    if (record.callback) return [callbackHint(record)];
    await this.runs.finish(record.id, { frozenAt: this.deps.clock.now() }, record.rev);
    return [];
  }

  #callsFor(record: RunRecord, now: number): readonly Command[] {
    const run = progressOf(record);
    const late = joinDeadlines(record, run).filter(({ at }) => at <= now);
    const joins = late.map(({ step }): Command => ({ type: 'join', step, rest: 'late' }));
    return joins.length > 0 ? joins : callsFor(run);
  }

  async #carryOut(record: RunRecord, commands: readonly Command[]): Promise<readonly Hint[]> {
    const hints = await Promise.all(
      commands.map((command): Promise<readonly Hint[]> | readonly Hint[] => {
        switch (command.type) {
          case 'dispatch':
            return [stepHint(record, command.step)];
          case 'join':
            return this.#join(record, command);
          case 'finish':
            return this.#end(record);
          default:
            return assertNever(command);
        }
      }),
    );
    return hints.flat();
  }

  /** Settles a join that is due. When somebody else did, it is theirs to follow up. */
  async #join(record: RunRecord, { step, rest }: JoinCommand): Promise<readonly Hint[]> {
    const now = this.deps.clock.now();
    const timing = { claimedAt: now, settledAt: now, handlerMs: 0 };
    const counted = countedBy(progressOf(record), step);
    const at = { step, sweepAt: nextSweep(record, now, this.deps.settings) };
    const settled = await this.runs.settle(record.id, at, { status: 'joined', counted, rest, timing });
    return settled?.applied ? this.after(settled.run, step) : [];
  }
}
