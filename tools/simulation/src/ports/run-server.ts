import type { RunRecord, RunStore, StepRecord } from '@millrace/run-store';
import { MemoryRunStore } from '@millrace/testkit';
import type { World } from '../world/world.js';

/** One request to the store, as it was made. */
export interface Operation {
  /** Milliseconds since the simulation began. */
  readonly at: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** What an operation did to a record. */
export interface Change {
  readonly operation: Operation;
  readonly run: string;
  /** The process that asked. */
  readonly by: string;
  readonly before: RunRecord | undefined;
  readonly after: RunRecord | undefined;
  /** Of an operation on members of a wide group. */
  readonly members?: { readonly before: Members; readonly after: Members };
  readonly reply: unknown;
}

export type Members = ReadonlyMap<number, StepRecord>;

export type OnChange = (change: Change) => Promise<void>;

/**
 * The run store's server. Every run lies in a store of its own, and all its operations are kept, so that it can be put
 * back to what it was before by making them again.
 */
export class RunServer {
  /** All records as they stand. */
  readonly records = new Map<string, RunRecord>();
  readonly #stores = new Map<string, MemoryRunStore>();
  readonly #operations = new Map<string, readonly Operation[]>();

  constructor(
    private readonly world: World,
    private readonly onChange: OnChange,
  ) {}

  async request(by: string, name: string, args: readonly unknown[]): Promise<unknown> {
    if (name === 'due') return this.#due(Number(args[0]), Number(args[1]));
    const run = runOf(args[0]);
    const before = this.records.get(run);
    return this.#carryOut(run, by, { at: this.world.elapsed, name, args }, before);
  }

  /** How many operations a run has seen. */
  revision(run: string): number {
    return this.#operations.get(run)?.length ?? 0;
  }

  /** Makes an operation as if those after the first `revision` had never been: what was written meanwhile is overwritten. */
  async overwrite(by: string, name: string, args: readonly unknown[], revision: number): Promise<unknown> {
    const run = runOf(args[0]);
    const before = this.records.get(run);
    await this.#replay(run, (this.#operations.get(run) ?? []).slice(0, revision));
    return this.#carryOut(run, by, { at: this.world.elapsed, name, args }, before);
  }

  /** Loses all that happened after `at`. Resolves with the number of runs that are not what they were. */
  async rollBack(at: number): Promise<number> {
    let changed = 0;
    for (const [run, operations] of this.#operations) {
      const kept = operations.filter((operation) => operation.at <= at);
      if (kept.length === operations.length) continue;
      changed += 1;
      await this.#replay(run, kept);
    }
    return changed;
  }

  /** The record expires. */
  async expire(run: string): Promise<void> {
    await this.#replay(run, []);
  }

  async #carryOut(run: string, by: string, operation: Operation, before: RunRecord | undefined): Promise<unknown> {
    this.#operations.set(run, [...(this.#operations.get(run) ?? []), operation]);
    const membersBefore = await this.#members(run, operation);
    const reply = await this.#apply(run, operation);
    await this.#look(run);
    const membersAfter = await this.#members(run, operation);
    const members = membersBefore && membersAfter ? { members: { before: membersBefore, after: membersAfter } } : {};
    await this.onChange({ operation, run, by, before, after: this.records.get(run), ...members, reply });
    return reply;
  }

  async #replay(run: string, operations: readonly Operation[]): Promise<void> {
    this.#stores.delete(run);
    this.#operations.set(run, operations);
    for (const operation of operations) await this.#apply(run, operation);
    await this.#look(run);
  }

  async #apply(run: string, { name, args }: Operation): Promise<unknown> {
    const store = this.#stores.get(run) ?? new MemoryRunStore();
    this.#stores.set(run, store);
    const method: unknown = Reflect.get(store, name);
    if (typeof method !== 'function') throw new TypeError(`a run store has no method ${name}`);
    return Reflect.apply(method, store, args);
  }

  async #members(run: string, { name, args }: Operation): Promise<Members | undefined> {
    const at = args[1];
    if (!name.endsWith('Members') || typeof at !== 'object' || at === null || !('step' in at)) return undefined;
    return this.#stores.get(run)?.readMembers(run, String(at.step));
  }

  async #look(run: string): Promise<void> {
    const record = await this.#stores.get(run)?.read(run);
    if (record) this.records.set(run, record);
    else this.records.delete(run);
  }

  #due(now: number, limit: number): readonly string[] {
    const due = [...this.records.values()].filter(({ sweepAt = Infinity }) => sweepAt <= now);
    return due
      .sort((a, b) => (a.sweepAt ?? 0) - (b.sweepAt ?? 0))
      .slice(0, limit)
      .map(({ id }) => id);
  }
}

/** The methods that a process may call. */
export const runStoreShape: RunStore = new MemoryRunStore();

function runOf(first: unknown): string {
  if (typeof first === 'string') return first;
  if (typeof first === 'object' && first !== null && 'id' in first && typeof first.id === 'string') return first.id;
  throw new TypeError('the operation names no run');
}
