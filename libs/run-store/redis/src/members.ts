import type { MemberChange, MembersTransition, RunStatus, StepRecord, StepSettlement } from '@millrace/run-store';

/** What the scripts that change members return, see scripts/members.lua. */
export type MembersReply = readonly [
  status: RunStatus,
  applied: number,
  settled: number,
  members: ReadonlyArray<string | null>,
  settlements: readonly string[],
];

/** `changes` are those that the reply was made by; it does not repeat the settlements that were made with it. */
export function membersTransition(reply: MembersReply, numbers: readonly number[], changes?: ReadonlyMap<number, MemberChange>): MembersTransition {
  const [status, applied, settled, texts, settlements] = reply;
  let told = 0;
  const members = numbers.map((number, i): [number, StepRecord] => {
    const text = texts[i] ?? '0 0';
    if (text.endsWith('+')) return [number, decodeMember(text, parse(settlements[told++]))];
    const change = changes?.get(number);
    return [number, decodeMember(text, text.endsWith('=') && typeof change === 'object' ? change : undefined)];
  });
  return { status, applied: applied === 1, members: new Map(members), settled };
}

/** The members of a shard, from all fields of their hash. */
export function decodeMembers(fields: Readonly<Record<string, string>>): ReadonlyMap<number, StepRecord> {
  const members = Object.entries(fields).filter(([field]) => /^\d/.test(field));
  return new Map(members.map(([field, text]) => [Number(field), decodeMember(text, parse(fields[`s${field}`]))]));
}

function decodeMember(text: string, settlement: StepSettlement | undefined): StepRecord {
  const [claims = 0, failures = 0, snoozes = NaN] = text.split(' ').map(Number);
  return { claims, failures, ...(snoozes > 0 ? { snoozes } : {}), ...(settlement === undefined ? {} : { settlement }) };
}

const parse = (settlement: string | undefined): StepSettlement | undefined =>
  settlement === undefined ? undefined : (JSON.parse(settlement) as StepSettlement);
