import type { Problem } from '@millrace/contracts';
import { HttpException } from '@nestjs/common';

/** An error that is an answer: thrown anywhere below a controller, sent as problem details. */
export class ProblemError extends HttpException {
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds?: number,
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
  ...(errors === undefined ? {} : { errors }),
});
