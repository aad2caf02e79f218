import type { LoggerService } from '@nestjs/common';
import { defineErrors } from '@millrace/kernel';
import type { Log } from '@millrace/telemetry';

export const wiringErrors = defineErrors({
  MILLRACE_DI_METADATA: { retryable: false, help: 'A class lacks decorator metadata, so Nest would inject undefined; build with tsc, not with a bundler that drops it.' },
});

/** Nest's own messages as log lines. A dependency that Nest cannot see is an error, not a warning. */
export class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.target.debug({ context: rest.at(-1) }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    if (String(message).includes('has no decorator metadata')) throw wiringErrors.error('MILLRACE_DI_METADATA', String(message));
    this.target.warn({ context: rest.at(-1) }, String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.target.error({ context: rest.at(-1) }, String(message));
  }
}
