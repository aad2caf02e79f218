import { configErrors } from './config.js';

/** The queues of a worker: those that are named, or its own without those named with a dash before. Throws MILLRACE_CONFIG. */
export function servedQueues(own: readonly string[], named: readonly string[] | undefined): readonly string[] {
  if (!named) return own;
  const without = named.filter((name) => name.startsWith('-')).map((name) => name.slice(1));
  if (without.length === 0) return named;
  if (without.length < named.length) throw wrong(`either names queues or, each with a dash before it, those to leave out; not both as in ${named.join(',')}`);
  const unknown = without.find((name) => !own.includes(name));
  if (unknown !== undefined) throw wrong(`leaves out ${unknown}, which is none of this service’s queues ${own.join(', ')}`);
  const left = own.filter((name) => !without.includes(name));
  if (left.length > 0) return left;
  throw wrong('leaves out every queue of this service');
}

const wrong = (what: string): Error => configErrors.error('MILLRACE_CONFIG', `MILLRACE_QUEUES: ${what}`);
