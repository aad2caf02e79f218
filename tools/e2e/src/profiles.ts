import '@millrace/testkit';
import type { Profile } from '@millrace/local-stack';
import { inject } from 'vitest';

/** Both profiles, for `describe.each`. */
export const profiles: ReadonlyArray<{ readonly name: string; readonly profile: () => Profile }> = [
  { name: 'aws', profile: () => ({ name: 'aws' }) },
  { name: 'redis', profile: () => ({ name: 'redis', url: inject('redisUrl') }) },
];

/** Names of queues and keys of one spec file, so that files can share a Redis. */
export const prefixed = (name: string): Readonly<Record<string, string>> => ({ MILLRACE_PREFIX: `e2e-${name}-${process.pid}` });
