import type { Problem } from '@millrace/contracts';
import { HttpException } from '@nestjs/common';

/** An error that is an answer: thrown anywhere below a controller, sent as problem details. */
export class ProblemError extends HttpException {
  constructor(
    readonly problem: Problem,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.detail, problem.status);
  }
}

export interface ProblemInit {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: Problem['errors'];
}

/** `type` names the code, which docs/errors.md explains. */
export const problem = ({ errors, ...init }: ProblemInit): Problem => ({
  type: `urn:millrace:problem:${init.code.toLowerCase()}`,
  ...init,
  ...(errors === undefined ? {} : { errors: errors.slice(0, 20) }),
});

/** One fault at one place of the request. */
export interface Place {
  readonly pointer: string;
  readonly detail: string;
  readonly code?: string;
}

export const malformed = (...errors: readonly [Place, ...Place[]]): ProblemError => bodyProblem(422, 'MILLRACE_BODY_MALFORMED', 'The body is malformed', errors);

export const overLimit = (...errors: readonly [Place, ...Place[]]): ProblemError => bodyProblem(413, 'MILLRACE_BODY_LIMIT', 'The body passes a limit', errors);

export const wrongParameters = (...errors: readonly Place[]): ProblemError => bodyProblem(422, 'MILLRACE_PARAMETERS', 'The request’s parameters are wrong', errors);

function bodyProblem(status: number, code: string, title: string, errors: readonly Place[]): ProblemError {
  const detail = errors.map((error) => error.detail).join('; ').slice(0, 1_000);
  return new ProblemError(problem({ status, code, title, detail, errors }));
}
