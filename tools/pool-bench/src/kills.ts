import { App, type Profile } from '@millrace/app';
import { group } from '@millrace/canvas';
import { PoolWorker } from './pool-worker.js';
import { tasks } from './workload.js';

/** What one kill cost. */
export interface KillCost {
  /** From the kill until the task began again, in milliseconds. */
  readonly againMs: number;
  /** Tasks without a result in the end. */
  readonly lost: number;
  /** Tasks that were begun more than once. */
  readonly repeated: number;
}

const queues = [{ name: 'tasks', leaseMs: 4_000, maxDeliveries: 20, pool: { kind: 'prefork', size: 2 } as const }];
const load = 60;

/** Kills a child, or a whole worker, with SIGKILL while two workers of two children each have 60 tasks of 100 ms to do. */
export async function killUnderLoad(victim: 'child' | 'worker', profile: Profile): Promise<KillCost> {
  const app = await App.open({ profile, queues });
  const workers = [await PoolWorker.start({ profile, queues }), await PoolWorker.start({ profile, queues })] as const;
  try {
    const run = await app.client.run(group(Array.from({ length: load }, () => tasks.slow.s(100)), 'collect'));
    const begun = await workers[0].hears(({ word }) => word === 'begun');
    const heard = workers.map(({ said }) => said.length);
    const killedAt = Date.now();
    if (victim === 'worker') await workers[0].kill();
    else process.kill(begun.pid, 'SIGKILL');
    const again = await Promise.any(workers.map((worker, i) => worker.hears(({ word, step }) => word === 'begun' && step === begun.step, heard[i])));
    const results = (await run.result({ timeoutMs: 60_000 })) as ReadonlyArray<{ readonly status: string }>;
    const { steps } = await run.status();
    return {
      againMs: again.at - killedAt,
      lost: load - results.filter(({ status }) => status === 'succeeded').length,
      repeated: steps.filter(({ claims }) => claims > 1).length,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await app.close();
  }
}
