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

/** `type` is the code's entry in docs/errors.md. */
export const problem = ({ errors, ...init }: ProblemInit): Problem => ({
  type: `https://millrace.dev/errors#${init.code.toLowerCase()}`,
  ...init,
  ...(errors === undefined ? {} : { errors }),
});

export const invalid = (code: string, title: string, detail: string, pointer?: string): ProblemError =>
  new ProblemError(problem({ status: 422, code, title, detail, ...(pointer === undefined ? {} : { errors: [{ pointer, detail }] }) }));
