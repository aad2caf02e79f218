import { type Clock, every, messageOf } from '@millrace/kernel';
import { loadOnnxModels, type ModelDefinition, type Models, type OnnxModelsOptions } from '@millrace/models';
import type { Log } from '@millrace/telemetry';

/** How often the model folder is looked at. */
const modelFolderMs = 5_000;

export interface WatchedModels {
  readonly models: Models;
  /** Looks at the model folder no more. */
  stop(): void;
}

/** The models of a process, loaded and warmed; with a model folder, looked at again every five seconds. */
export async function watchedModels(definitions: readonly ModelDefinition[], options: OnnxModelsOptions, { clock, log }: { readonly clock: Clock; readonly log: Log }): Promise<WatchedModels> {
  const models = await loadOnnxModels(definitions, options);
  const reload = async (): Promise<void> => {
    try {
      const changed = await models.reload();
      if (changed.length > 0) log.info({ models: changed }, 'models loaded anew');
    } catch (err) {
      log.error({ reason: messageOf(err) }, 'models not loaded anew; those loaded before stay in use');
    }
  };
  const isWatched = options.folder !== undefined && definitions.length > 0;
  return { models, stop: isWatched ? every(clock, modelFolderMs, reload) : () => undefined };
}
