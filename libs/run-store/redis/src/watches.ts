import type { WatchScope } from '@millrace/run-store';
import type { Cluster, Redis } from 'ioredis';

interface Watcher {
  readonly scope: WatchScope;
  readonly changed: () => void;
}

/** Where runs are told of, and how Redis comes to tell. Every message is the id of a run. */
export interface Telling {
  /** The channels on which the ends of all watched runs are told. */
  readonly ends: readonly string[];
  /** The channel on which every other transition of a run is told. */
  channelOf(id: string): string;
  /** Has a run told of from then on. */
  mark(id: string, scope: WatchScope): Promise<unknown>;
}

/** Finding a dead peer takes about this long, in milliseconds, and ten seconds more. */
const keepAlive = 10_000;

/** Of so many runs it is remembered that they have their mark; one that was forgotten is marked again. */
const mostMarked = 10_000;

/**
 * Calls those who watch runs. There is one connection that listens, made with the first watch: to the ends of all runs that
 * somebody watches, and to all else of those that are watched here with the scope `all`. What is told while it is lost does
 * not come again, so whenever it is back everybody is called.
 */
export class Watches {
  readonly #redis: Redis | Cluster;
  readonly #telling: Telling;
  readonly #watchers = new Map<string, Set<Watcher>>();
  readonly #marked = new Set<string>();
  #listener: Redis | Cluster | undefined;
  #hearsEnds: Promise<void> | undefined;
  #isClosed = false;

  constructor(redis: Redis | Cluster, telling: Telling) {
    this.#redis = redis;
    this.#telling = telling;
  }

  /** A run was created with the mark that its end is to be told. */
  created(id: string): void {
    if (this.#marked.size === mostMarked) this.#marked.clear();
    this.#marked.add(id);
  }

  async watch(id: string, changed: () => void, scope: WatchScope): Promise<() => Promise<void>> {
    if (this.#isClosed) throw new Error('the store is closed');
    const watcher: Watcher = { scope, changed };
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
    try {
      await Promise.all([this.#hear(id, scope), this.#mark(id, scope)]);
    } catch (error) {
      await this.#stop(id, watcher);
      throw error;
    }
    return () => this.#stop(id, watcher);
  }

  close(): void {
    this.#isClosed = true;
    this.#watchers.clear();
    this.#listener?.disconnect();
  }

  async #mark(id: string, scope: WatchScope): Promise<void> {
    if (scope === 'all' || !this.#marked.has(id)) await this.#telling.mark(id, scope);
  }

  async #hear(id: string, scope: WatchScope): Promise<void> {
    const listener = (this.#listener ??= this.#listen());
    this.#hearsEnds ??= this.#hearEnds(listener);
    await Promise.all([this.#hearsEnds, scope === 'all' && listener.subscribe(this.#telling.channelOf(id))]);
  }

  async #hearEnds(listener: Redis | Cluster): Promise<void> {
    try {
      await listener.subscribe(...this.#telling.ends);
    } catch (error) {
      this.#hearsEnds = undefined;
      throw error;
    }
  }

  #listen(): Redis | Cluster {
    const options = { enableOfflineQueue: true, autoResubscribe: false, keepAlive };
    const listener = 'nodes' in this.#redis ? this.#redis.duplicate([], { enableOfflineQueue: true }) : this.#redis.duplicate(options);
    listener.on('error', () => undefined); // commands reject with the same error
    listener.on('message', (channel: string, id: string) => this.#tell(id, this.#telling.ends.includes(channel)));
    const resume = (): void => void this.#resume(listener);
    listener.once('ready', () => listener.on('ready', resume).on('-node', resume));
    return listener;
  }

  async #stop(id: string, watcher: Watcher): Promise<void> {
    const watchers = this.#watchers.get(id);
    if (!watchers?.delete(watcher)) return;
    if (watchers.size === 0) this.#watchers.delete(id);
    if (watcher.scope === 'end' || wantsAll(watchers)) return;
    await this.#listener?.unsubscribe(this.#telling.channelOf(id)).catch(() => undefined); // then it goes on listening to what concerns nobody
  }

  /** After `-node`, a cluster listens at another node. Runs are marked again, as Redis may have lost that with its latest writes. */
  async #resume(listener: Redis | Cluster): Promise<void> {
    const watched = [...this.#watchers].map(([id, watchers]) => ({ id, scope: wantsAll(watchers) ? ('all' as const) : ('end' as const) }));
    const channels = watched.filter(({ scope }) => scope === 'all').map(({ id }) => this.#telling.channelOf(id));
    try {
      await listener.subscribe(...this.#telling.ends, ...channels);
      await Promise.all(watched.map(({ id, scope }) => this.#telling.mark(id, scope)));
    } catch {
      if (listener.status === 'ready') listener.disconnect(true); // to try again
      return;
    }
    for (const { id } of watched) this.#tell(id, true);
  }

  /** Whoever watches with the scope `end` is called only if it `concernsAll`. */
  #tell(id: string, concernsAll: boolean): void {
    for (const { scope, changed } of this.#watchers.get(id) ?? []) {
      if (concernsAll || scope === 'all') changed();
    }
  }
}

const wantsAll = (watchers: ReadonlySet<Watcher>): boolean => [...watchers].some(({ scope }) => scope === 'all');
