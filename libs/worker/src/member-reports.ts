import type { MemberChange, MembersTransition } from '@millrace/run-store';

type Changes = ReadonlyMap<number, MemberChange>;

/** Writes what becomes of members: those that end in the same turn, or while a write is underway, share the next one. */
export class MemberReports {
  #waiting = new Map<number, MemberChange>();
  #writing: Promise<void> | undefined;
  #last: MembersTransition | undefined;

  /** `written` is told of each write that the store has answered. */
  constructor(
    private readonly write: (changes: Changes) => Promise<MembersTransition | undefined>,
    private readonly written: (changes: Changes, transition: MembersTransition | undefined) => void,
  ) {}

  add(member: number, change: MemberChange): void {
    this.#waiting.set(member, change);
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    this.#writing.catch(() => undefined); // `done` tells of it
  }

  /** Resolves, when all is written, with what the last write came to; rejects when one failed. */
  async done(): Promise<MembersTransition | undefined> {
    await this.#writing;
    return this.#last;
  }

  async #writeAll(): Promise<void> {
    await Promise.resolve();
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const changes = this.#waiting;
      this.#waiting = new Map();
      this.#last = await this.write(changes);
      this.written(changes, this.#last);
    }
  }
}
