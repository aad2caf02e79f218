import type { ModelDefinition, OnnxModelsOptions } from '@millrace/models';
import type { AnyTask } from '@millrace/tasks';
import { type Children, forked, threaded } from '@millrace/worker';
import type { Profile } from './adapters.js';

/** What a process can carry out. */
export interface Workload {
  readonly tasks: readonly AnyTask[];
  /** Loaded and warmed before the first try. */
  readonly models?: readonly ModelDefinition[];
}

/** Where the children of thread and prefork pools find their workload. */
export interface WorkloadModule {
  /** A module that exports a function `workload`, which gives a `Workload` or a promise of one. */
  readonly module: URL;
  /** What `workload` is called with; plain data. */
  readonly input?: unknown;
}

/** What `pool-child.ts` is told to begin with. */
export interface ChildSetup {
  readonly profile: Profile;
  readonly module: string;
  readonly input: unknown;
  readonly models: OnnxModelsOptions;
}

export interface ChildrenInit {
  readonly profile: Profile;
  readonly workload: WorkloadModule;
  readonly models?: OnnxModelsOptions | undefined;
}

const program = new URL('./pool-child.js', import.meta.url);

/** Children that open the profile's blob store, load the workload and its models, and run with the options for Node of this process. */
export const childrenOf = ({ profile, workload, models = {} }: ChildrenInit): Children => ({
  launch: (kind) => (kind === 'prefork' ? forked(program) : threaded(program)),
  setup: (processors) => ({ profile, module: workload.module.href, input: workload.input, models: { threads: processors, ...models } }) satisfies ChildSetup,
});
