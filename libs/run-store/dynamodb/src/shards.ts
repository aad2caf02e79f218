import type { MembersAt, MembersTransition, StepRecord } from '@millrace/run-store';
import { type Attributes, statusOf } from './attributes.js';
import type { RunTable } from './run-table.js';
import { changeMembers, type MemberUpdate, openShard } from './shard-updates.js';

/**
 * The members of wide groups: an item for each shard, beside its run's. It has the attributes of steps, `c:<member>`,
 * `f:<member>`, `z:<member>` and `o:<member>`, and none by which a run is known or found to be due. It expires when its run would if
 * that ended at its deadline, however soon it ends.
 */
export class Shards {
  readonly #table: RunTable;

  constructor(table: RunTable) {
    this.#table = table;
  }

  /**
   * Two requests: one that puts off the run's sweep if the shard is open, then one for all members. Members that were
   * settled before cost a third. A crash between leaves a run that goes on and members as they were: the message comes
   * again, or the sweeper sends it. When the shard is closed between, the members are changed in vain.
   */
  async change(id: string, at: Omit<MembersAt, 'members'>, changes: ReadonlyMap<number, MemberUpdate>): Promise<MembersTransition | undefined> {
    const { applied, item: run } = await this.#table.update(id, openShard(at), 'UPDATED_NEW');
    const status = statusOf(run);
    if (status === undefined) return undefined;
    const key = keyOf(id, at.step);
    const shard = applied ? await this.#write(key, changes, Number(run?.['ex']?.N)) : await this.#table.get(key);
    return { status, applied, members: membersOf(shard, changes.keys()), settled: membersIn(shard, /^o:/).length };
  }

  async read(id: string, step: string): Promise<ReadonlyMap<number, StepRecord>> {
    const shard = await this.#table.get(keyOf(id, step));
    return membersOf(shard, membersIn(shard, /^[cfzo]:/));
  }

  /** When some members are settled, nothing is written, and the others are tried again; every round leaves fewer. */
  async #write(key: string, changes: ReadonlyMap<number, MemberUpdate>, expiresAt: number): Promise<Attributes | undefined> {
    let open = changes;
    while (open.size > 0) {
      const { applied, item } = await this.#table.update(key, changeMembers(open, expiresAt));
      open = applied ? new Map() : new Map([...open].filter(([member]) => item?.[`o:${member}`] === undefined));
      if (open.size === 0) return item;
    }
    return this.#table.get(key);
  }
}

/** Ids of runs have no `#`. */
const keyOf = (id: string, step: string): string => `${id}#${step}`;

const membersIn = (shard: Attributes = {}, names: RegExp): number[] => [
  ...new Set(
    Object.keys(shard)
      .filter((name) => names.test(name))
      .map((name) => Number(name.slice(2))),
  ),
];

const membersOf = (shard: Attributes = {}, members: Iterable<number>): Map<number, StepRecord> =>
  new Map([...members].map((member) => [member, memberOf(shard, member)]));

function memberOf(shard: Attributes, member: number): StepRecord {
  const settlement = shard[`o:${member}`]?.S;
  const snoozes = shard[`z:${member}`]?.N;
  return {
    claims: Number(shard[`c:${member}`]?.N ?? 0),
    failures: Number(shard[`f:${member}`]?.N ?? 0),
    ...(snoozes === undefined ? {} : { snoozes: Number(snoozes) }),
    ...(settlement === undefined ? {} : { settlement: JSON.parse(settlement) as NonNullable<StepRecord['settlement']> }),
  };
}
