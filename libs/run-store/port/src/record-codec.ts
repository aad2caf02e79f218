import type { DeliveryAttempt } from '@millrace/contracts';
import { RunMemory } from './run-memory.js';
import type { DeliveryRecord, FinalRecord, RunHead, RunRecord, RunStatus, StepRecord, StepSettlement } from './run-record.js';

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

const stepFields: ReadonlySet<string> = new Set(['c:', 'f:', 'z:', 'o:']);

/** How many attempts a delivery's log tells of. */
const loggedAttempts = 10;

/** The fields of a run that was just received. */
export const firstFields = (head: RunHead, sweepAt: number): RecordFields => ({ h: JSON.stringify(head), st: 'received', rv: 1, ep: 0, sw: sweepAt });

/** Reads a record from its fields; throws SyntaxError when a field is not what an adapter writes. */
export function decodeRecord(fields: RecordFields): RunRecord {
  const text = String(fields['h']);
  const parse = memory.of(text);
  const head = parse('h', text) as RunHead;
  return {
    ...head,
    status: String(fields['st']) as RunStatus,
    rev: Number(fields['rv']),
    epoch: Number(fields['ep']),
    ...(fields['sw'] === undefined ? {} : { sweepAt: Number(fields['sw']) }),
    steps: decodeSteps(fields, parse),
    ...(fields['fi'] === undefined ? {} : { final: JSON.parse(String(fields['fi'])) as FinalRecord }),
    ...(fields['da'] === undefined ? {} : { delivery: decodeDelivery(fields) }),
  };
}

function decodeSteps(fields: RecordFields, parse: (field: string, text: string) => unknown): Record<string, StepRecord> {
  const steps = new Map<string, { claims: number; failures: number; snoozes?: number; settlement?: StepSettlement }>();
  for (const [field, value] of Object.entries(fields)) {
    const kind = field.slice(0, 2);
    if (!stepFields.has(kind)) continue;
    const id = field.slice(2);
    const step = steps.get(id) ?? { claims: 0, failures: 0 };
    steps.set(id, step);
    if (kind === 'c:') step.claims = Number(value);
    else if (kind === 'f:') step.failures = Number(value);
    else if (kind === 'z:') step.snoozes = Number(value);
    else step.settlement = parse(field, String(value)) as StepSettlement;
  }
  return Object.fromEntries(steps);
}

function decodeDelivery(fields: RecordFields): DeliveryRecord {
  const attempts = Number(fields['da']);
  const log: DeliveryAttempt[] = [];
  for (let attempt = attempts; attempt > 0 && log.length < loggedAttempts; attempt--) {
    const entry = fields[`g:${attempt}`];
    if (entry !== undefined) log.unshift(JSON.parse(String(entry)) as DeliveryAttempt);
  }
  return {
    bodySha256: String(fields['dh']),
    attempts,
    leaseUntil: Number(fields['du']),
    ...(fields['dn'] === undefined ? {} : { nextAt: Number(fields['dn']) }),
    ...(fields['db'] === undefined ? {} : { replayedAfter: Number(fields['db']) }),
    log,
  };
}
