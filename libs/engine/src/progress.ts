import { compile, extend, replay, type Run, type Settlement } from '@millrace/canvas';
import type { RunRecord } from '@millrace/run-store';

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

/** Of a settlement the canvas sees what the order of things depends on. */
function settlementsOf(record: RunRecord): Map<string, Settlement> {
  const settlements = new Map<string, Settlement>();
  for (const [step, { settlement }] of Object.entries(record.steps)) {
    if (settlement) settlements.set(step, settlement);
  }
  return settlements;
}
