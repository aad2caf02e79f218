import type { Run } from '@millrace/canvas';
import type { RunRecord } from '@millrace/run-store';
import { clientErrors } from './errors.js';

/** Why a run that is over has no value. */
export function failureOf(record: RunRecord, run: Run): Error {
  const detail = { run: record.id };
  if (record.status === 'cancelled') {
    const because = record.final?.reason === undefined ? '' : `: ${record.final.reason}`;
    return clientErrors.error('MILLRACE_RUN_CANCELLED', `run ${record.id} was cancelled${because}`, { detail });
  }
  if (run.status !== 'failed') return clientErrors.error('MILLRACE_RUN_LATE', `the time of run ${record.id} was up before it was over`, { detail });
  const { cause: step = '' } = run;
  const settlement = record.steps[step]?.settlement;
  const error = settlement?.status === 'failed' ? settlement.error : undefined;
  const why = error ? `${error.code}: ${error.message}` : 'not enough of its members succeeded in time';
  return clientErrors.error('MILLRACE_RUN_FAILED', `run ${record.id} failed in ${step}: ${why}`, { detail: { ...detail, step, error } });
}
