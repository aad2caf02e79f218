import { type RunRecord, type StepRecord, untouchedStep, type WatchScope } from '@millrace/run-store';

interface Watcher {
  readonly scope: WatchScope;
  readonly changed: () => void;
}

/** What stores in memory share: records, the members beside them, and who watches. */
export class MemoryRuns {
  readonly #records = new Map<string, RunRecord>();
  readonly #dueAt = new Map<string, number>();
  readonly #shards = new Map<string, Map<string, MemoryShard>>();
  readonly #watchers = new Map<string, Set<Watcher>>();

  get(id: string): RunRecord | undefined {
    return this.#records.get(id);
  }

  put(run: RunRecord): RunRecord {
    Object.freeze(run.steps);
    this.#records.set(run.id, Object.freeze(run));
    if (run.sweepAt === undefined) this.#dueAt.delete(run.id);
    else this.#dueAt.set(run.id, run.sweepAt);
    return run;
  }

  all(): readonly RunRecord[] {
    return [...this.#records.values()];
  }

  due(now: number): string[] {
    return [...this.#dueAt]
      .filter(([, at]) => at <= now)
      .sort(([, a], [, b]) => a - b)
      .map(([id]) => id);
  }

  /** The members of a shard; an empty one is kept only for a run that exists. */
  shard(id: string, step: string): MemoryShard {
    const shards = this.#shards.get(id) ?? new Map<string, MemoryShard>();
    const shard = shards.get(step) ?? new MemoryShard();
    if (this.#records.has(id)) this.#shards.set(id, shards.set(step, shard));
    return shard;
  }

  watch(id: string, changed: () => void, scope: WatchScope): () => void {
    const watcher: Watcher = { scope, changed };
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(id) === watchers) this.#watchers.delete(id);
    };
  }

  /** Calls those that watch a run, once whoever changed it has gone on; those that wait for its end only if it has come. */
  tell(id: string, hasEnded: boolean): void {
    const watchers = this.#watchers.get(id);
    for (const watcher of watchers ?? []) {
      if (hasEnded || watcher.scope === 'all') queueMicrotask(() => watchers?.has(watcher) && watcher.changed());
    }
  }
}

export class MemoryShard {
  readonly members = new Map<number, StepRecord>();
  settled = 0;

  /** Changes a member unless it is settled. */
  change(number: number, change: (before: StepRecord, number: number) => StepRecord): void {
    const before = this.members.get(number) ?? untouchedStep;
    if (before.settlement) return;
    const after = Object.freeze(change(before, number));
    this.members.set(number, after);
    if (after.settlement) this.settled++;
  }

  those(numbers: readonly number[]): ReadonlyMap<number, StepRecord> {
    return new Map(numbers.map((number) => [number, this.members.get(number) ?? untouchedStep]));
  }
}
