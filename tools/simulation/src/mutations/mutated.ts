import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createRunnableDevEnvironment, type EnvironmentOptions, type Plugin, resolveConfig } from 'vite';
import type * as Simulation from '../index.js';

/** One passage of a product's source, and what a mutation puts in its place. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const root = resolve(import.meta.dirname, '../../../..');
const entry = resolve(import.meta.dirname, '../index.ts');
const name = 'mutated';
const environment: EnvironmentOptions = {
  consumer: 'server',
  dev: { moduleRunnerTransform: true },
  resolve: { conditions: ['@millrace/source', 'node', 'development|production'], noExternal: [/^@millrace\//] },
};

/** The simulation over product code in which the edits are made, in memory only. Throws when one does not fit. */
export async function simulationWith(edits: readonly Edit[]): Promise<typeof Simulation> {
  for (const edit of edits) check(edit);
  const config = await resolveConfig({ configFile: false, envDir: false, root, logLevel: 'error', plugins: [editing(edits)], environments: { [name]: environment } }, 'serve');
  const runnable = createRunnableDevEnvironment(name, config, { runnerOptions: { hmr: false }, hot: false });
  await runnable.init();
  try {
    return await runnable.runner.import<typeof Simulation>(entry);
  } finally {
    await runnable.close();
  }
}

/** An edit must find its passage, and only once: else the product has changed, and the mutation must follow. */
function check({ file, from }: Edit): void {
  const times = readFileSync(resolve(root, file), 'utf8').split(from).length - 1;
  if (times !== 1) throw new Error(`a mutation of ${file} must find its passage once, and finds it ${times} times:\n${from}`);
}

function editing(edits: readonly Edit[]): Plugin {
  const files = new Map<string, readonly Edit[]>();
  for (const edit of edits) files.set(resolve(root, edit.file), [...(files.get(resolve(root, edit.file)) ?? []), edit]);
  return {
    name: 'mutation',
    enforce: 'pre',
    transform: (code, id) => files.get(id)?.reduce((edited, { from, to }) => edited.replace(from, () => to), code),
  };
}
