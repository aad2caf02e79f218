import type { DeliveryRecord, FinalRecord, RunHead, RunRecord, RunStatus, StepRecord, StepSettlement } from './run-record.js';

/**
 * The flat form in which adapters keep a record, so that each transition touches few fields:
 * `h` head, `st` status, `rv` rev, `ep` epoch, `sw` sweepAt, `fi` final, `dl` delivery (all JSON or numbers) and per
 * step `c:<id>` claims, `f:<id>` failures, `o:<id>` settlement.
 */
export type RecordFields = Readonly<Record<string, string | number>>;

export const encodeHead = (head: RunHead): string => JSON.stringify(head);

/** Reads a record from its fields; throws SyntaxError when a field is not what an adapter writes. */
export function decodeRecord(fields: RecordFields): RunRecord {
  const head = JSON.parse(String(fields['h'])) as RunHead;
  return {
    ...head,
    status: String(fields['st']) as RunStatus,
    rev: Number(fields['rv']),
    epoch: Number(fields['ep']),
    ...(fields['sw'] === undefined ? {} : { sweepAt: Number(fields['sw']) }),
    steps: decodeSteps(fields),
    ...(fields['fi'] === undefined ? {} : { final: JSON.parse(String(fields['fi'])) as FinalRecord }),
    ...(fields['dl'] === undefined ? {} : { delivery: JSON.parse(String(fields['dl'])) as DeliveryRecord }),
  };
}

function decodeSteps(fields: RecordFields): Record<string, StepRecord> {
  const steps: Record<string, { claims: number; failures: number; settlement?: StepSettlement }> = {};
  for (const [field, value] of Object.entries(fields)) {
    if (field[1] !== ':') continue;
    const step = (steps[field.slice(2)] ??= { claims: 0, failures: 0 });
    if (field[0] === 'c') step.claims = Number(value);
    else if (field[0] === 'f') step.failures = Number(value);
    else if (field[0] === 'o') step.settlement = JSON.parse(String(value)) as StepSettlement;
  }
  return steps;
}
