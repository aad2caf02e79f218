import { join } from 'node:path';
import { freePorts } from '@millrace/local-stack';
import { Child } from '../child.js';
import type { Turn } from '../turns.js';
import { crew } from '../crew.js';
import type { PipelineSystem } from './system.js';

/** Plain BullMQ 6 and plain Node: web, orchestration, distribution and two task processes. */
export const bullmqSystem: PipelineSystem = {
  prepare: async () => undefined,
  start: async (turn, callbackSecret) => {
    const [port = 0] = await freePorts(1);
    const env = { ...process.env, COMPARE_REDIS_URL: turn.redisUrl, COMPARE_CALLBACK_SECRET: callbackSecret, COMPARE_PORT: String(port) };
    const names = ['web', 'orch', 'dist', 'task', 'task'];
    const children = names.map((name, index) => child(turn, env, { name: `bullmq-${name}-${index}`, script: `${name}-process.js` }));
    return { apiUrl: `http://127.0.0.1:${port}`, ...(await crew(children, turn.undo)) };
  },
};

function child({ folder }: Turn, env: NodeJS.ProcessEnv, { name, script }: { name: string; script: string }): Child {
  const args = [join(import.meta.dirname, '../../dist/pipelines/bullmq', script)];
  return new Child({ name, command: process.execPath, args, env, logFile: join(folder, `${name}.log`), ipc: true });
}
