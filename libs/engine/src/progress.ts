import { replay, type Run, type Settlement } from '@millrace/canvas';
import type { RunRecord } from '@millrace/run-store';

const known = new WeakMap<RunRecord, Run>();

/** Where a run stands: its canvas with the record's settlements worked in. Pure; remembered per record value. */
export function progressOf(record: RunRecord): Run {
  let run = known.get(record);
  if (!run) {
    run = replay(record.canvas, settlementsOf(record));
    known.set(record, run);
  }
  return run;
}

/** A step's settlement as far as the order of things is concerned. */
function settlementOf(record: RunRecord, step: string): Settlement | undefined {
  const settlement = record.steps[step]?.settlement;
  return settlement?.status === 'replaced' ? { status: 'replaced', canvas: settlement.canvas } : settlement && { status: settlement.status };
}

/** Whether nothing of the canvas is left to run. */
export const isOver = (run: Run): boolean => run.status === 'succeeded' || run.status === 'failed';

function settlementsOf(record: RunRecord): Map<string, Settlement> {
  const settlements = new Map<string, Settlement>();
  for (const step of Object.keys(record.steps)) {
    const settlement = settlementOf(record, step);
    if (settlement) settlements.set(step, settlement);
  }
  return settlements;
}
