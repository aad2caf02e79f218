import type { FromChild, ToChild } from './child-messages.js';

/** A child as its pool sees it: a thread or a process that runs one try at a time. */
export interface ChildLink {
  /** Whether `kill` may be used while a handler is at work. */
  readonly canKill: boolean;
  /** Resolves when the child is gone, with how it ended. */
  readonly gone: Promise<string>;
  send(message: ToChild): void;
  onMessage(listen: (message: FromChild) => void): void;
  /** Lets an idle child end. */
  end(): void;
  /** Ends the child at once. A thread must be idle: the process dies with a thread that is ended in native code. */
  kill(): void;
}

/** Starts a child. */
export type Launch = () => ChildLink;
