import { type Clock, messageOf } from '@millrace/kernel';
import type { PoolSpec } from '@millrace/tasks';
import type { Log, Metrics } from '@millrace/telemetry';
import type { Launch } from './child-link.js';
import { type ChildState, PoolChild } from './pool-child.js';

export interface CrewOptions extends Pick<PoolSpec, 'maxTasksPerChild' | 'maxMemoryPerChildMb'> {
  readonly queue: string;
  readonly launch: Launch;
  /** What the children are told to begin with. */
  readonly setup: unknown;
}

export interface CrewDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a pool wants to know of its crew. */
export interface CrewWatcher {
  /** A child can be given a try. */
  freed(child: PoolChild): void;
  /** As many children can run tries now, or do so. */
  counted(able: number): void;
}

/** After a child that could not start the next one waits; twice as long each time, up to the longest. */
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;
const megabyte = 1024 * 1024;

/** The children of a pool, kept at the number that is wanted: the dead are replaced, and the worn out once their successor is ready. */
export class Crew {
  readonly #children = new Set<PoolChild>();
  /** Children that stay only until another one is ready. */
  readonly #outgoing = new Set<PoolChild>();
  #wanted = 0;
  #failuresInARow = 0;
  #isPausing = false;
  #isStopping = false;
  #isFitting = false;

  constructor(
    private readonly options: CrewOptions,
    private readonly deps: CrewDeps,
    private readonly watcher: CrewWatcher,
  ) {}

  get wanted(): number {
    return this.#wanted;
  }

  count(state: ChildState): number {
    return this.#in(state).length;
  }

  /** A child for the next try, preferably one that will stay. */
  free(): PoolChild | undefined {
    const free = this.#in('free');
    return free.find((child) => !this.#outgoing.has(child)) ?? free[0];
  }

  /** Starts the first children; rejects with MILLRACE_POOL_CHILD when one of them cannot start. */
  async start(count: number): Promise<void> {
    this.#wanted = count;
    await Promise.all(Array.from({ length: count }, () => this.#startChild()));
  }

  /** Free children above the number go now, others when they become free; missing ones are started. */
  want(count: number): void {
    this.#wanted = count;
    this.#fit();
  }

  /** Ends all of them, but for threads whose handlers are at work. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const child of this.#children) child.end();
    await Promise.all(this.#in('ending').map(({ gone }) => gone));
  }

  async #startChild(): Promise<void> {
    const { clock, log } = this.deps;
    const child = new PoolChild(this.options.launch(), { clock, log, changed: () => this.#changed(child) });
    this.#children.add(child);
    await child.start(this.options.setup);
  }

  #changed(child: PoolChild): void {
    if (child.state === 'free') this.#welcome(child);
    if (child.state === 'gone') this.#lose(child);
    if (!this.#isStopping && !this.#isFitting) this.#fit();
  }

  #welcome(child: PoolChild): void {
    const { queue, maxTasksPerChild = Infinity, maxMemoryPerChildMb = Infinity } = this.options;
    this.#failuresInARow = 0;
    this.deps.metrics.poolMemory.set({ queue }, child.memoryMb * megabyte);
    if (child.tries >= maxTasksPerChild || child.memoryMb > maxMemoryPerChildMb || child.wasOverdue) this.#outgoing.add(child);
    this.watcher.freed(child);
  }

  #lose(child: PoolChild): void {
    const reason = this.#outgoing.has(child) ? 'worn out' : child.wasOverdue ? 'killed' : child.wasLetGo ? 'not needed' : child.wasReady ? 'crashed' : 'unfit';
    this.deps.metrics.poolChildrenEnded.inc({ queue: this.options.queue, reason });
    this.#children.delete(child);
    this.#outgoing.delete(child);
    if (reason === 'unfit') this.#pause();
  }

  #fit(): void {
    this.#isFitting = true;
    const able = [...this.#in('free'), ...this.#in('at-work')];
    const staying = able.filter((child) => !this.#outgoing.has(child));
    const left = this.#in('left').filter((child) => !this.#outgoing.has(child));
    const possible = Math.max(0, this.#wanted - left.length);
    endFree([...this.#outgoing], able.length - possible);
    endFree(staying, staying.length - this.#wanted);
    this.#isFitting = false;
    this.watcher.counted(Math.min(possible, this.count('free') + this.count('at-work')));
    const missing = this.#wanted - [...this.#children].filter((child) => !this.#outgoing.has(child) && child.state !== 'ending').length;
    if (!this.#isPausing) for (let i = 0; i < missing; i++) this.#replace();
  }

  #replace(): void {
    this.#startChild().catch((err: unknown) => this.deps.log.error({ queue: this.options.queue, reason: messageOf(err) }, 'a child of the pool could not start'));
  }

  #pause(): void {
    if (this.#isPausing || this.#isStopping) return;
    this.#isPausing = true;
    const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failuresInARow++);
    this.deps.clock.after(ms, () => {
      this.#isPausing = false;
      if (!this.#isStopping) this.#fit();
    });
  }

  #in(state: ChildState): PoolChild[] {
    return [...this.#children].filter((child) => child.state === state);
  }
}

function endFree(children: readonly PoolChild[], count: number): void {
  const free = children.filter(({ state }) => state === 'free');
  for (const child of free.slice(0, Math.max(0, count))) child.end();
}
