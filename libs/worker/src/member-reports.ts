import type { MemberChange, MembersTransition } from '@millrace/run-store';

type Changes = ReadonlyMap<number, MemberChange>;

/** Writes what becomes of members: those that end in the same turn, or while a write is underway, share the next one. */
export class MemberReports {
  #waiting = new Map<number, MemberChange>();
  #writing: Promise<void> | undefined;
  #last: MembersTransition | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** `written` is told of each write that the store has answered. */
  constructor(
    private readonly write: (changes: Changes) => Promise<MembersTransition | undefined>,
    private readonly written: (changes: Changes, transition: MembersTransition | undefined) => void,
  ) {}

  add(member: number, change: MemberChange): void {
    this.#waiting.set(member, change);
    this.#writing ??= this.#writeAll().catch((error: unknown) => void (this.#failure ??= { error }));
  }

  /** Resolves, when all is written, with what the last write came to; rejects when one failed. */
  async done(): Promise<MembersTransition | undefined> {
    await this.#writing;
    if (this.#failure) throw this.#failure.error;
    return this.#last;
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve();
    await Promise.resolve();
    try {
      while (this.#waiting.size > 0) await this.#writeWaiting();
    } finally {
      this.#writing = undefined; // in the same turn as the last look: what is added later begins a write of its own
    }
  }

  async #writeWaiting(): Promise<void> {
    const changes = this.#waiting;
    this.#waiting = new Map();
    this.#last = await this.write(changes);
    this.written(changes, this.#last);
  }
}
