import type { Cluster, Redis } from 'ioredis';

/** Those who watch one run, by the channel on which its transitions are told. */
interface Watched {
  readonly id: string;
  readonly watchers: Set<() => void>;
}

/** Finding a dead peer takes about this long, in milliseconds, and ten seconds more. */
const keepAlive = 10_000;

/**
 * Calls those who watch runs. There is one connection that listens, made with the first watch. What is told while it is
 * lost does not come again, so whenever it is back everybody is called.
 */
export class Watches {
  readonly #redis: Redis | Cluster;
  readonly #mark: (id: string) => Promise<unknown>;
  readonly #watched = new Map<string, Watched>();
  #listener: Redis | Cluster | undefined;
  #isClosed = false;

  /** `mark` has every transition of a run told from then on, and resolves with the channel. */
  constructor(redis: Redis | Cluster, mark: (id: string) => Promise<unknown>) {
    this.#redis = redis;
    this.#mark = mark;
  }

  async watch(id: string, changed: () => void): Promise<() => Promise<void>> {
    const channel = String(await this.#mark(id));
    if (this.#isClosed) throw new Error('the store is closed');
    const watcher = (): void => changed();
    const watched = this.#watched.get(channel) ?? { id, watchers: new Set() };
    watched.watchers.add(watcher);
    this.#watched.set(channel, watched);
    this.#listener ??= this.#listen();
    try {
      await this.#listener.subscribe(channel);
    } catch (error) {
      await this.#stop(channel, watcher);
      throw error;
    }
    return () => this.#stop(channel, watcher);
  }

  close(): void {
    this.#isClosed = true;
    this.#watched.clear();
    this.#listener?.disconnect();
  }

  #listen(): Redis | Cluster {
    const options = { enableOfflineQueue: true, autoResubscribe: false, keepAlive };
    const listener = 'nodes' in this.#redis ? this.#redis.duplicate([], { enableOfflineQueue: true }) : this.#redis.duplicate(options);
    listener.on('error', () => undefined); // commands reject with the same error
    listener.on('message', (channel: string) => this.#tell(channel));
    const resume = (): void => void this.#resume(listener);
    listener.once('ready', () => listener.on('ready', resume).on('-node', resume));
    return listener;
  }

  async #stop(channel: string, watcher: () => void): Promise<void> {
    const watched = this.#watched.get(channel);
    if (!watched?.watchers.delete(watcher) || watched.watchers.size > 0) return;
    this.#watched.delete(channel);
    await this.#listener?.unsubscribe(channel).catch(() => undefined); // then it goes on listening to what concerns nobody
  }

  /** After `-node`, a cluster listens at another node. Runs are marked again, as Redis may have lost that with its latest writes. */
  async #resume(listener: Redis | Cluster): Promise<void> {
    const channels = [...this.#watched.keys()];
    if (channels.length === 0) return;
    try {
      await listener.subscribe(...channels);
      await Promise.all([...this.#watched.values()].map(({ id }) => this.#mark(id)));
    } catch {
      if (listener.status === 'ready') listener.disconnect(true); // to try again
      return;
    }
    for (const channel of channels) this.#tell(channel);
  }

  #tell(channel: string): void {
    for (const watcher of this.#watched.get(channel)?.watchers ?? []) watcher();
  }
}
