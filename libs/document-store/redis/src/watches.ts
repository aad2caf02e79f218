import type { Cluster, Redis } from 'ioredis';

/** Finding a dead peer takes about this long, in milliseconds, and ten seconds more. */
const keepAlive = 10_000;

/**
 * Calls those who watch channels, over one connection that is made with the first watch. What is told while it is lost does
 * not come again, so whenever it is back everybody is called.
 */
export class Watches {
  readonly #redis: Redis | Cluster;
  readonly #watchers = new Map<string, Set<() => void>>();
  #listener: Redis | Cluster | undefined;
  #isClosed = false;

  constructor(redis: Redis | Cluster) {
    this.#redis = redis;
  }

  async watch(channel: string, changed: () => void): Promise<() => Promise<void>> {
    if (this.#isClosed) throw new Error('the store is closed');
    const watcher = (): void => changed();
    const watchers = this.#watchers.get(channel) ?? new Set();
    this.#watchers.set(channel, watchers.add(watcher));
    try {
      await (this.#listener ??= this.#listen()).subscribe(channel);
    } catch (error) {
      await this.#stop(channel, watcher);
      throw error;
    }
    return () => this.#stop(channel, watcher);
  }

  close(): void {
    this.#isClosed = true;
    this.#watchers.clear();
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
    const watchers = this.#watchers.get(channel);
    if (!watchers?.delete(watcher) || watchers.size > 0) return;
    this.#watchers.delete(channel);
    await this.#listener?.unsubscribe(channel).catch(() => undefined); // then it goes on listening to what concerns nobody
  }

  /** After `-node`, a cluster listens at another node. */
  async #resume(listener: Redis | Cluster): Promise<void> {
    const channels = [...this.#watchers.keys()];
    if (channels.length === 0) return;
    try {
      await listener.subscribe(...channels);
    } catch {
      if (listener.status === 'ready') listener.disconnect(true); // to try again
      return;
    }
    for (const channel of channels) this.#tell(channel);
  }

  #tell(channel: string): void {
    for (const watcher of this.#watchers.get(channel) ?? []) watcher();
  }
}
