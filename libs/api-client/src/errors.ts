import type { Problem } from '@millrace/contracts';
import { defineErrors, MillraceError } from '@millrace/kernel';

export const apiClientErrors = defineErrors({
  MILLRACE_API_UNREACHABLE: { retryable: true, help: 'The ingestion API does not answer; check its address and that it runs.' },
  MILLRACE_API_NOT_YET: { retryable: true, help: 'The ingestion was not over within the time the caller gave it; it goes on, and can be waited for again.' },
});

/** The API refused: `code` is that of docs/errors.md, `problem` says where and why. */
export class ProblemError extends MillraceError {
  constructor(
    readonly problem: Problem,
    /** What the API asked for with Retry-After. */
    readonly retryAfterMs?: number,
  ) {
    super({ code: problem.code, message: problem.detail, retryable: isWorthAnotherTry(problem), detail: { status: problem.status, errors: problem.errors } });
  }

  get status(): number {
    return this.problem.status;
  }
}

const isWorthAnotherTry = ({ status, code }: Problem): boolean => status === 408 || status === 429 || status === 503 || code === 'MILLRACE_IDEMPOTENCY_KEY_IN_USE';

/** What came instead of a problem, such as a page of a proxy, is told as one. */
export function problemIn(text: string, status: number): Problem {
  try {
    const { type, title, detail, code, ...rest }: Partial<Problem> = JSON.parse(text);
    if (typeof detail === 'string') return { ...rest, type: type ?? 'about:blank', title: title ?? `HTTP ${status}`, detail, code: code ?? 'MILLRACE_REQUEST', status };
  } catch {
    // it is no JSON
  }
  return { type: 'about:blank', title: `HTTP ${status}`, status, code: 'MILLRACE_REQUEST', detail: text.slice(0, 200) || `the answer is ${status}` };
}
