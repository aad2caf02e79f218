import type { DeliveryAttempt } from '@millrace/contracts';
import { RunMemory } from './run-memory.js';
import type { DeliveryRecord, FinalRecord, RunHead, RunRecord, RunStatus, StepSettlement } from './run-record.js';

const memory = new RunMemory();

/**
 * The flat form in which adapters keep a record, so that each transition touches few fields and reads none:
 * - `h` head (JSON), `st` status, `rv` rev, `ep` epoch, `sw` sweepAt, `fi` final (JSON);
 * - per step `c:<id>` claims, `f:<id>` failures, `z:<id>` snoozes, `o:<id>` settlement (JSON);
 * - of the delivery `dh` bodySha256, `da` attempts, `du` leaseUntil, `dn` nextAt, `db` replayedAfter, and per attempt `g:<number>` its log
 *   entry (JSON).
 *
 * Fields that it does not know are passed over; an adapter may keep some of its own.
 */
export type RecordFields = Readonly<Record<string, string | number>>;

/** Fields and their values by turns. */
export type FlatFields = ReadonlyArray<string | number>;

/** How many attempts a delivery's log tells of. */
const loggedAttempts = 10;

/** The fields of a run that was just received. */
export const firstFields = (head: RunHead, sweepAt: number): RecordFields => ({ h: JSON.stringify(head), st: 'received', rv: 1, ep: 0, sw: sweepAt });

/** Reads a record from its fields; throws SyntaxError when a field is not what an adapter writes. */
export const decodeRecord = (fields: RecordFields): RunRecord => decodeFlat(Object.entries(fields).flat());

/** The same for fields and values by turns, as Redis gives them. */
export function decodeFlat(flat: FlatFields): RunRecord {
  const { own, steps, settled } = sorted(flat);
  const text = String(own.get('h'));
  const parse = memory.of(text);
  const head = parse('h', text) as RunHead;
  for (const [field, json] of settled) stepOf(steps, field).settlement = parse(field, json) as StepSettlement;
  return {
    ...head,
    status: String(own.get('st')) as RunStatus,
    rev: Number(own.get('rv')),
    epoch: Number(own.get('ep')),
    ...(own.has('sw') && { sweepAt: Number(own.get('sw')) }),
    steps: Object.fromEntries(steps),
    ...(own.has('fi') && { final: JSON.parse(String(own.get('fi'))) as FinalRecord }),
    ...(own.has('da') && { delivery: decodeDelivery(own) }),
  };
}

interface Sorted {
  /** The fields that are not of a step. */
  readonly own: ReadonlyMap<string, string | number>;
  readonly steps: Map<string, OpenStep>;
  readonly settled: ReadonlyArray<readonly [field: string, json: string]>;
}

interface OpenStep {
  claims: number;
  failures: number;
  snoozes?: number;
  settlement?: StepSettlement;
}

function sorted(flat: FlatFields): Sorted {
  const own = new Map<string, string | number>();
  const steps = new Map<string, OpenStep>();
  const settled: Array<[string, string]> = [];
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const field = String(flat[at]);
    const value = flat[at + 1] ?? '';
    switch (field[1] === ':' ? field[0] : '') {
      case 'c':
        stepOf(steps, field).claims = Number(value);
        break;
      case 'f':
        stepOf(steps, field).failures = Number(value);
        break;
      case 'z':
        stepOf(steps, field).snoozes = Number(value);
        break;
      case 'o':
        settled.push([field, String(value)]);
        break;
      default:
        own.set(field, value);
    }
  }
  return { own, steps, settled };
}

function stepOf(steps: Map<string, OpenStep>, field: string): OpenStep {
  const id = field.slice(2);
  let step = steps.get(id);
  if (!step) steps.set(id, (step = { claims: 0, failures: 0 }));
  return step;
}

function decodeDelivery(own: Sorted['own']): DeliveryRecord {
  const attempts = Number(own.get('da'));
  const log: DeliveryAttempt[] = [];
  for (let attempt = attempts; attempt > 0 && log.length < loggedAttempts; attempt--) {
    const entry = own.get(`g:${attempt}`);
    if (entry !== undefined) log.unshift(JSON.parse(String(entry)) as DeliveryAttempt);
  }
  return {
    bodySha256: String(own.get('dh')),
    attempts,
    leaseUntil: Number(own.get('du')),
    ...(own.has('dn') && { nextAt: Number(own.get('dn')) }),
    ...(own.has('db') && { replayedAfter: Number(own.get('db')) }),
    log,
  };
}
