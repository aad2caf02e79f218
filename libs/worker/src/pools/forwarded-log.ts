import { inspect } from 'node:util';
import type { Log, LogFields } from '@millrace/telemetry';
import type { FromChild, LogLevel } from './child-messages.js';

/** A log whose lines the pool writes. */
export function forwardedLog(send: (message: FromChild) => void, common: LogFields = {}): Log {
  const at = (level: LogLevel) => (fields: LogFields, message: string) => send({ type: 'log', level, fields: plain({ ...common, ...fields }), message });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => forwardedLog(send, { ...common, ...fields }),
  };
}

/** As JSON would have it, so that whatever a handler logs can be sent. */
function plain(fields: LogFields): LogFields {
  try {
    return JSON.parse(JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? plainError(value) : value))) as LogFields;
  } catch {
    return { fields: inspect(fields) }; // it has circles, or a bigint
  }
}

const plainError = ({ name, message, stack, ...more }: Error): LogFields => ({ type: name, message, stack, ...('code' in more && { code: more.code }) });
