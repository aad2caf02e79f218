import type { StepError } from '@millrace/contracts';
import type { LogFields } from '@millrace/telemetry';
import type { Arguments, Try } from './pool.js';

/** From a pool to a child, which runs one try at a time. */
export type ToChild =
  /** The first message; `setup` is what the child's program needs to know. */
  | { readonly type: 'begin'; readonly setup: unknown }
  | { readonly type: 'try'; readonly tried: Try; readonly previous: Arguments }
  /** The process of this try was killed, for this reason; its hook is to run. */
  | { readonly type: 'undo'; readonly tried: Try; readonly previous: Arguments; readonly reason: StepError }
  /** The handler at work is to give up, for this reason. */
  | { readonly type: 'abort'; readonly reason: StepError };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** From a child to its pool. */
export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'unfit'; readonly reason: string }
  /** `outcome` is JSON, so that a result arrives as the record would have it. `returned`: nothing of the try goes on. */
  | { readonly type: 'ended'; readonly outcome: string; readonly handlerMs: number; readonly returned: boolean; readonly memoryMb: number }
  /** The handler of a try that had ended before has returned. */
  | { readonly type: 'returned'; readonly memoryMb: number }
  | { readonly type: 'log'; readonly level: LogLevel; readonly fields: LogFields; readonly message: string };
