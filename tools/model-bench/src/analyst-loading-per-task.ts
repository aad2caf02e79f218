import 'reflect-metadata';
import { loadOnnxModels, type LoadedModel, type ModelDefinition } from '@millrace/models';
import { createProduct } from '@millrace/pipeline';
import { runWorker } from '@millrace/platform';
import type { AnyTask, TaskContext } from '@millrace/tasks';

/** What the analyst would be without models that are loaded before the first message: every task loads those it runs. */
await runWorker({
  name: 'analyst',
  queues: ['analyses'],
  concurrency: 8,
  plan: (config) => {
    const { router, analyses } = createProduct(config.MILLRACE_DOMAINS);
    return { router, definitions: analyses.map(loadingItsModels), models: [] };
  },
});

function loadingItsModels(task: AnyTask): AnyTask {
  return { ...task, handler: (ctx: TaskContext, ...args: never[]) => task.handler({ ...ctx, model: loadedWhenRun }, ...args) };
}

function loadedWhenRun(definition: ModelDefinition): LoadedModel {
  let models: ReturnType<typeof loadOnnxModels> | undefined;
  return { definition, run: async (matrix, rows) => (await (models ??= loadOnnxModels([definition]))).get(definition).run(matrix, rows) };
}
