import type { Redis } from 'ioredis';

export type BullmqBrokerOptions = {
  /** Starts every key. Brokers with the same Redis and prefix share their queues. Short, as it travels with every command; default `mr`. */
  readonly prefix?: string;
  /** Told of failed connections, commands and handlers, for the log: the broker goes on by itself. */
  readonly onError?: (error: unknown) => void;
} & (
  /** `redis://` or `rediss://`, with user, password and database number where needed. Redis 6.2 or later. */
  | { readonly url: string }
  /** A connection that the broker uses but does not close; it opens others like it, for waiting. */
  | { readonly redis: Redis }
);
