import { messageOf } from '@millrace/kernel';
import { cliErrors } from './errors.js';

/** A reader of whole numbers between two bounds. */
export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${JSON.stringify(text)} is not a whole number from ${least} to ${most}`);
  };

/** A positive number. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${JSON.stringify(text)} is not a number above 0`);
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds from `500ms`, `10s`, `5m`, `2h` or `1d`. */
export function milliseconds(text: string): number {
  const [, value = '', unit = ''] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (value) return Number(value) * (units[unit] ?? 1);
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${JSON.stringify(text)} is not a duration such as 500ms, 10s, 5m, 2h or 1d`);
}

/** A reader of one of a few words. */
export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word => {
    const word = words.find((each) => each === text);
    if (word !== undefined) return word;
    throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${JSON.stringify(text)} is not ${words.join(' or ')}`);
  };

/** Header lines as in `x-team: orders`, each beside those of before. */
export function headerLines(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name = '', value = ''] = /^([^\s:]+):\s*(.*)$/.exec(text) ?? [];
  if (name) return { ...before, [name.toLowerCase()]: value.trim() };
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${JSON.stringify(text)} is not a header such as "x-team: orders"`);
}

/** A JSON array, for a task's arguments. */
export function jsonArray(text: string): readonly unknown[] {
  const value = json(text);
  if (Array.isArray(value)) return value;
  throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${text.slice(0, 60)} is not a JSON array such as '["a", 1]'`);
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw cliErrors.error('MILLRACE_CLI_ARGUMENT', `${text.slice(0, 60)} is not JSON: ${messageOf(cause)}`, { cause });
  }
}
