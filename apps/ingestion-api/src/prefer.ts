import { wrongParameters } from './problem.js';

const mostSeconds = 60;

/** How long the client would rather wait for the outcome, in seconds (RFC 7240, `wait`), at most 60; undefined when it did not say. Throws a 422 problem. */
export function preferredWait(header: string | readonly string[] | undefined): number | undefined {
  const preferences = [header ?? []].flat().flatMap((value) => value.split(','));
  const wait = preferences.map((preference) => /^\s*wait\s*=\s*"?([^";]*)"?/i.exec(preference)?.[1]).find((value) => value !== undefined);
  if (wait === undefined) return undefined;
  if (/^\d{1,6}$/.test(wait.trim())) return Math.min(Number(wait), mostSeconds);
  throw wrongParameters({ pointer: '#header/prefer', detail: 'wait is a whole number of seconds, as in Prefer: wait=10' });
}
