import { compile, extend, replay, type Run, type Settlement } from '@millrace/canvas';
import { assertNever } from '@millrace/kernel';
import type { RunRecord, StepSettlement } from '@millrace/run-store';

const known = new WeakMap<RunRecord, Run>();

/** The last known of each run that was asked for lately: the next record of it mostly adds a settlement or two. */
const lately = new Map<string, Run>();
const mostKept = 256;

/** Where a run stands: its canvas with the record's settlements worked in. Pure; remembered per record value. */
export function progressOf(record: RunRecord): Run {
  let run = known.get(record);
  if (!run) {
    run = workedIn(record);
    known.set(record, run);
    keep(record.id, run);
  }
  return run;
}

function workedIn(record: RunRecord): Run {
  const before = lately.get(record.id);
  const isSameCanvas = before !== undefined && before.plans[0] === compile(record.canvas);
  return isSameCanvas ? extend(before, settlementsOf(record)) : replay(record.canvas, settlementsOf(record));
}

function keep(id: string, run: Run): void {
  lately.delete(id);
  lately.set(id, run);
  const [oldest] = lately.keys();
  if (lately.size > mostKept && oldest !== undefined) lately.delete(oldest);
}

/** Whether nothing of the canvas is left to run. */
export const isOver = (run: Run): boolean => run.status === 'succeeded' || run.status === 'failed';

function settlementsOf(record: RunRecord): Map<string, Settlement> {
  const settlements = new Map<string, Settlement>();
  for (const [step, { settlement }] of Object.entries(record.steps)) {
    if (settlement) settlements.set(step, factOf(settlement));
  }
  return settlements;
}

/** A settlement as far as the order of things is concerned. */
export function factOf(settlement: StepSettlement): Settlement {
  switch (settlement.status) {
    case 'succeeded':
    case 'failed':
      return { status: settlement.status };
    case 'replaced':
      return { status: 'replaced', canvas: settlement.canvas };
    case 'chosen':
      return { status: 'chosen', case: settlement.case };
    case 'joined':
      return { status: 'joined', counted: settlement.counted, rest: settlement.rest };
    default:
      return assertNever(settlement);
  }
}
