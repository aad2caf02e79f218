import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Problem } from '@millrace/contracts';
import { type Clock, messageOf, MillraceError } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { drainSome } from './http/drain-some.js';
import { problem, ProblemError } from './problem.js';
import { methodsOf } from './reference/operations.js';

const statusOfCode: Readonly<Record<string, number>> = {
  MILLRACE_INGESTION_EMPTY: 422,
  MILLRACE_BLOB_TOO_LARGE: 413,
  MILLRACE_DOMAIN_UNKNOWN: 422,
  MILLRACE_SOURCE_UNREADABLE: 422,
  MILLRACE_UNAUTHENTICATED: 401,
  MILLRACE_FORBIDDEN: 403,
  MILLRACE_ENDPOINT_SETTINGS: 422,
  MILLRACE_DEPLOYMENT_KEY: 409,
};

/** Every error leaves as application/problem+json (RFC 9457); what is not expected, without a word of its insides. */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  constructor(private readonly deps: ProblemDeps) {}

  async catch(err: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    await sendProblem(err, { request: http.getRequest<FastifyRequest>(), reply: http.getResponse<FastifyReply>() }, this.deps);
  }
}

export interface ProblemDeps {
  readonly log: Log;
  readonly clock: Clock;
}

export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers with what went wrong. Nobody is told when the client has gone. */
export async function sendProblem(err: unknown, { request, reply }: Exchange, { log, clock }: ProblemDeps): Promise<void> {
  if (!request.raw.complete) await drainSome(request.raw, clock);
  if (reply.sent || reply.raw.destroyed) return;
  const path = request.url.split('?')[0] ?? '';
  const methods = isNowhere(err) ? methodsOf(path) : [];
  const body = methods.length > 0 ? wrongMethod(request.method, methods) : problemOf(err);
  if (body.status >= 500 && !(err instanceof ProblemError)) log.error({ err, url: path, code: body.code }, 'request failed');
  if (body.status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply.headers({ ...(body.status === 503 ? { 'retry-after': '1' } : {}), ...(err instanceof ProblemError ? err.headers : {}) });
  if (methods.length > 0) void reply.header('allow', methods.join(', '));
  if (!request.raw.complete) void reply.header('connection', 'close');
  void reply
    .status(body.status)
    .header('content-type', 'application/problem+json')
    .send({ ...body, instance: path });
}

/** The router's own word that there is no such route. */
const isNowhere = (err: unknown): boolean => err instanceof HttpException && !(err instanceof ProblemError) && err.getStatus() === 404;

const wrongMethod = (method: string, methods: readonly string[]): Problem =>
  problem({ status: 405, code: 'MILLRACE_REQUEST', title: 'Method not allowed', detail: `there is no ${method} here, only ${methods.join(', ')}` });

export function problemOf(err: unknown): Problem {
  if (err instanceof ProblemError) return err.problem;
  if (MillraceError.is(err)) return ofMillraceError(err);
  const status = statusOf(err);
  if (status >= 500) {
    return problem({ status: 500, code: 'MILLRACE_INTERNAL', title: 'Internal error', detail: 'The service made a mistake; it has been logged.' });
  }
  return problem({ status, code: 'MILLRACE_REQUEST', title: titles[status] ?? 'Bad request', detail: messageOf(err).slice(0, 200) });
}

function ofMillraceError(err: MillraceError): Problem {
  const status = statusOfCode[err.code] ?? (err.retryable ? 503 : 500);
  const title = titles[status] ?? (status === 503 ? 'Temporarily unavailable' : status === 500 ? 'Internal error' : 'The request cannot be accepted');
  return problem({ status, code: err.code, title, detail: status === 500 ? 'The service made a mistake; it has been logged.' : err.message });
}

export const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Not possible now',
  413: 'Too large',
  414: 'URI too long',
  415: 'Unsupported media type',
  417: 'Expectation failed',
  431: 'Request header fields too large',
};

function statusOf(err: unknown): number {
  if (err instanceof HttpException) return err.getStatus();
  if (typeof err === 'object' && err !== null && 'statusCode' in err && typeof err.statusCode === 'number') return err.statusCode;
  return 500;
}
