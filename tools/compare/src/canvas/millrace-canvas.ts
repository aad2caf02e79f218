import { join } from 'node:path';
import { App } from '@millrace/app';
import { chain, chord, group } from '@millrace/canvas';
import { Child } from '../child.js';
import { crew } from '../crew.js';
import type { CanvasSystem } from './system.js';
import { count, member, next } from './millrace/tasks.js';

/** Millrace on the Redis profile. */
export const millraceCanvas: CanvasSystem = {
  start: async ({ redisUrl, folder, undo }) => {
    const dataDir = join(folder, 'blobs');
    const worker = new Child({
      name: 'millrace-worker',
      command: process.execPath,
      args: [join(import.meta.dirname, '../../dist/canvas/millrace/worker-process.js'), redisUrl, dataDir],
      env: process.env,
      logFile: join(folder, 'millrace-worker.log'),
      ipc: true,
    });
    const alive = await crew([worker], undo);
    const app = await App.open({ profile: { profile: 'redis', url: redisUrl, dataDir } });
    await undo.add(() => app.close());
    return {
      ...alive,
      chord: async (width) => {
        const members = Array.from({ length: width }, (_, n) => member.s(n));
        return await (await app.client.run(chord(group(members), count.s()))).result();
      },
      chain: async () => await (await app.client.run(chain(next.s(0), next.s(), next.s(), next.s(), next.s()))).result(),
    };
  },
};
