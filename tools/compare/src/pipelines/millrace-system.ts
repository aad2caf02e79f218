import { Stack } from '@millrace/local-stack';
import { compareErrors } from '../errors.js';
import type { PipelineSystem } from './system.js';

/** The whole product on the Redis profile, with the bench domains: five services. */
export const millraceSystem: PipelineSystem = {
  prepare: async () => undefined,
  start: async ({ redisUrl, folder, undo }, callbackSecret) => {
    let died: string | undefined;
    const stack = new Stack({
      profile: { name: 'redis', url: redisUrl },
      dataDir: folder,
      callbackSecret,
      env: { MILLRACE_PREFIX: 'compare', MILLRACE_DOMAINS: 'bench', MILLRACE_LOG_LEVEL: 'warn' },
      onEvent: (event) => {
        if (event.type === 'died') died ??= `${event.process} ended with ${event.how}`;
      },
    });
    await undo.add(() => stack.stopNow());
    await stack.start();
    return {
      apiUrl: stack.apiUrl,
      pids: () => [...stack.pids().values()],
      requireAlive: () => {
        if (died !== undefined) throw compareErrors.error('MILLRACE_COMPARE_PROCESS', `${died} (logs: ${folder})`);
      },
    };
  },
};
