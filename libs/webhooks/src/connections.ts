import { type buildConnector, Pool } from 'undici';

export interface ConnectionLimits {
  readonly perOrigin: number;
  /** Sockets in all. */
  readonly sockets: number;
}

const keepAliveMs = 10_000;
/** Pools without a socket are cheap, but not free. */
const mostPools = 2_000;

/** Connections to all origins, HTTP/1.1 without pipelining. Makes room for new ones by closing those that are unused longest. */
export class Connections {
  /** The origin used longest ago first. */
  readonly #pools = new Map<string, Pool>();
  #sockets = 0;

  constructor(
    private readonly connect: buildConnector.connector,
    private readonly limits: ConnectionLimits,
  ) {}

  to(origin: string): Pool {
    const pool = this.#pools.get(origin) ?? this.#open(origin);
    this.#pools.delete(origin);
    this.#pools.set(origin, pool);
    return pool;
  }

  /** Drops all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }

  #open(origin: string): Pool {
    return new Pool(origin, {
      connect: this.#counted,
      connections: this.limits.perOrigin,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      allowH2: false,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  readonly #counted: buildConnector.connector = (options, callback) => {
    this.#makeRoom();
    this.#sockets++;
    this.connect(options, (...[error, socket]) => {
      if (!error) {
        socket.once('close', () => this.#sockets--);
        return callback(null, socket);
      }
      this.#sockets--;
      callback(error, null);
    });
  };

  #makeRoom(): void {
    for (const [origin, pool] of this.#pools) {
      if (this.#sockets < this.limits.sockets && this.#pools.size <= mostPools) return;
      const { running, pending, queued } = pool.stats;
      if (running + pending + queued > 0) continue;
      this.#pools.delete(origin);
      void pool.destroy();
    }
  }
}
