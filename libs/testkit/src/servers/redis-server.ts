/** A Redis that a test may use, and one that it started itself may also kill. */
export interface RedisServer {
  readonly url: string;
  /** Where it came from, for people. */
  readonly origin: string;
  /** Ends it for good and removes what it left on disk. */
  stop(): Promise<void>;
  /** Ends it like a crash (SIGKILL); what it had on disk stays for `restart`. */
  kill(): Promise<void>;
  /** Starts it again at the same url, after `kill` or while it runs. */
  restart(): Promise<void>;
}

export interface RedisOptions {
  /** Added to the server's command line, e.g. `['--appendonly', 'yes']`. Nothing is kept on disk without it. */
  readonly args?: readonly string[];
}

/** Nothing on disk, no cluster bus, whatever the host's redis.conf says. */
export const volatileArgs = ['--save', '', '--appendonly', 'no'] as const;
