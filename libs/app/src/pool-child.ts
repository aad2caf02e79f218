import { ArtifactStore } from '@millrace/engine';
import { systemClock, systemRandom } from '@millrace/kernel';
import { poolErrors, serveTries } from '@millrace/worker';
import { openBlobs } from './open-blobs.js';
import { watchedModels } from './watched-models.js';
import type { ChildSetup, Workload } from './workload.js';

/** The program of a pool's child. It shares nothing with its worker but the messages between them. */
serveTries(async (setup, log) => {
  const { profile, module, input, models: options } = setup as ChildSetup;
  const { tasks, models = [] } = await workloadOf(module, input);
  const blobs = await openBlobs(profile, { random: systemRandom });
  const watched = await watchedModels(models, options, { clock: systemClock, log });
  return { tasks, artifacts: new ArtifactStore(blobs), models: watched.models };
});

async function workloadOf(module: string, input: unknown): Promise<Workload> {
  const { workload } = (await import(module)) as { readonly workload?: unknown };
  if (typeof workload === 'function') return (await workload(input)) as Workload;
  throw poolErrors.error('MILLRACE_POOL_WORKLOAD', `${module} exports no function called workload`);
}
