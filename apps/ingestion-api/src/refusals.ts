import type { Replay } from '@millrace/webhooks';
import { problem, ProblemError } from './problem.js';

export const unknown = (id: string): ProblemError =>
  new ProblemError(problem({ status: 404, code: 'MILLRACE_INGESTION_UNKNOWN', title: 'Not found', detail: `there is no ingestion ${id.slice(0, 64)}` }));

export const open = (): ProblemError =>
  new ProblemError(problem({ status: 409, code: 'MILLRACE_INGESTION_OPEN', title: 'Not over yet', detail: 'the ingestion has no results yet' }), { 'retry-after': '1' });

export const over = (why: string): ProblemError => new ProblemError(problem({ status: 409, code: 'MILLRACE_INGESTION_OVER', title: 'Over already', detail: why }));

export const noCallback = (): ProblemError =>
  new ProblemError(problem({ status: 404, code: 'MILLRACE_CALLBACK_NONE', title: 'Not found', detail: 'the ingestion was begun without a callback' }));

/** Why a callback is not sent again. */
export function notReplayed(replay: Exclude<Replay, { readonly kind: 'replayed' }>, id: string): ProblemError {
  switch (replay.kind) {
    case 'unknown':
      return unknown(id);
    case 'no-callback':
      return noCallback();
    case 'disabled':
      return callbackOpen(`the endpoint ${replay.origin} is disabled; enable it first`);
    default:
      return callbackOpen('its delivery is still to come or under way');
  }
}

const callbackOpen = (detail: string): ProblemError => new ProblemError(problem({ status: 409, code: 'MILLRACE_CALLBACK_OPEN', title: 'Not now', detail }));
