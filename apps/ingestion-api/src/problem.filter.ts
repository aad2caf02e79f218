import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Problem } from '@millrace/contracts';
import { messageOf, MillraceError } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, ProblemError } from './problem.js';

const statusOfCode: Readonly<Record<string, number>> = {
  MILLRACE_INGESTION_EMPTY: 422,
  MILLRACE_BLOB_TOO_LARGE: 413,
  MILLRACE_DOMAIN_UNKNOWN: 422,
};

/** Every error leaves as application/problem+json (RFC 9457); what is not expected, without a word of its insides. */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  constructor(private readonly log: Log) {}

  catch(err: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { url } = http.getRequest<FastifyRequest>();
    const body = problemOf(err);
    if (body.status >= 500) this.log.error({ err, url: url.split('?')[0], code: body.code }, 'request failed');
    const reply = http.getResponse<FastifyReply>();
    if (body.status === 503) void reply.header('retry-after', '1');
    if (body.status === 413) void reply.header('connection', 'close');
    void reply
      .status(body.status)
      .header('content-type', 'application/problem+json')
      .send({ ...body, instance: url.split('?')[0] });
  }
}

function problemOf(err: unknown): Problem {
  if (err instanceof ProblemError) return err.problem;
  if (MillraceError.is(err)) return ofMillraceError(err);
  const status = statusOf(err);
  if (status >= 500) {
    return problem({ status: 500, code: 'MILLRACE_INTERNAL', title: 'Internal error', detail: 'The service made a mistake; it has been logged.' });
  }
  return problem({ status, code: 'MILLRACE_REQUEST', title: titles[status] ?? 'Bad request', detail: messageOf(err) });
}

function ofMillraceError(err: MillraceError): Problem {
  const status = statusOfCode[err.code] ?? (err.retryable ? 503 : 500);
  const title = status === 503 ? 'Temporarily unavailable' : status === 500 ? 'Internal error' : 'The ingestion cannot be accepted';
  return problem({ status, code: err.code, title, detail: status === 500 ? 'The service made a mistake; it has been logged.' : err.message });
}

const titles: Readonly<Record<number, string>> = { 404: 'Not found', 405: 'Method not allowed', 413: 'Too large', 415: 'Unsupported media type' };

function statusOf(err: unknown): number {
  if (err instanceof HttpException) return err.getStatus();
  if (typeof err === 'object' && err !== null && 'statusCode' in err && typeof err.statusCode === 'number') return err.statusCode;
  return 500;
}
