import type { MemberChange, MembersAt, RunStatus } from '@millrace/run-store';
import type { Update } from './updates.js';

/** What becomes of one member. */
export type MemberUpdate = MemberChange | 'claim';

const received: RunStatus = 'received';
const running: RunStatus = 'running';

/** Of the run's item. `ex` is there to come back with the reply. */
export const openShard = ({ step, sweepAt }: Omit<MembersAt, 'members'>): Update => ({
  condition: 'st IN (:received, :running) AND attribute_not_exists(#settlement)',
  update: 'SET st = :running, sw = :sw, ex = ex',
  names: { '#settlement': `o:${step}` },
  values: { ':received': received, ':running': running, ':sw': sweepAt },
});

/**
 * Of the shard's item: all members, or none when one is settled. With 128 members the condition is just within what
 * DynamoDB allows, 4096 bytes and 300 operators. `expiresAt` is in seconds since the epoch.
 */
export function changeMembers(changes: ReadonlyMap<number, MemberUpdate>, expiresAt: number): Update {
  const parts = [...changes].map(([member, change]) => partOf(member, change));
  const [sets, adds] = [parts.flatMap(({ set }) => set ?? []), parts.flatMap(({ add }) => add ?? [])];
  return {
    condition: [...changes.keys()].map((member) => `attribute_not_exists(#o${member})`).join(' AND '),
    update: `SET ${['#ttl = :ttl', ...sets].join(', ')}${adds.length === 0 ? '' : ` ADD ${adds.join(', ')}`}`,
    names: Object.assign({ '#ttl': 'ttl' }, ...parts.map(({ names }) => names)),
    values: Object.assign({ ':ttl': expiresAt }, adds.length === 0 ? {} : { ':1': 1 }, ...parts.map(({ values }) => values)),
  };
}

interface Part {
  readonly set?: string;
  readonly add?: string;
  readonly names: Update['names'];
  readonly values?: Update['values'];
}

const counters = { claim: 'c', 'failed-try': 'f', 'snoozed-try': 'z' } as const;

function partOf(member: number, change: MemberUpdate): Part {
  const settlement = { [`#o${member}`]: `o:${member}` };
  if (typeof change === 'string') {
    const counter = counters[change];
    return { add: `#${counter}${member} :1`, names: { ...settlement, [`#${counter}${member}`]: `${counter}:${member}` } };
  }
  return { set: `#o${member} = :o${member}`, names: settlement, values: { [`:o${member}`]: JSON.stringify(change) } };
}
