import { type Clock, systemClock } from '@millrace/kernel';
import { modelErrors } from './errors.js';
import { MicroBatcher } from './micro-batcher.js';
import { type LoadedModel, type ModelDefinition, modelReference, type Models } from './model.js';
import { replacementsIn } from './model-folder.js';
import { OnnxSession } from './onnx-session.js';

const { error } = modelErrors;

export interface OnnxModelsOptions {
  /** Cores that one run may use; workers times threads should be cores. Default 1. */
  readonly threads?: number;
  /** How long a call may wait for others to make one batch of, in milliseconds. Default 0: only while another batch runs. */
  readonly windowMs?: number;
  /** Rows at most in a batch of several calls. Default 1,024; 1: no batches. */
  readonly maxBatchRows?: number;
  /** A folder whose manifests name models that take the place of those in the code; see `reload`. */
  readonly folder?: string;
  readonly clock?: Clock;
}

/** Loads, verifies and warms each model once; rejects when any of them cannot be used. Without models the runtime is not loaded. */
export async function loadOnnxModels(definitions: readonly ModelDefinition[], options: OnnxModelsOptions = {}): Promise<OnnxModels> {
  const models = new OnnxModels(definitions, options);
  await models.reload();
  return models;
}

/** The models of a process, shared by all its handlers. */
export class OnnxModels implements Models {
  /** By the reference that handlers ask with. */
  readonly #loaded = new Map<string, LoadedModel>();

  constructor(
    private readonly definitions: readonly ModelDefinition[],
    private readonly options: OnnxModelsOptions,
  ) {}

  get(definition: ModelDefinition): LoadedModel {
    const model = this.#loaded.get(modelReference(definition));
    if (model) return model;
    throw error('MILLRACE_MODEL_NOT_LOADED', `model ${modelReference(definition)} is not loaded in this process`);
  }

  /**
   * Loads what is not loaded yet, as the model folder says now; all of it or, when one cannot be used, nothing. Handlers
   * that have got a model keep it. Resolves with what changed, as `<asked for> → <in use>`.
   */
  async reload(): Promise<readonly string[]> {
    const wanted = await this.#wanted();
    const changed = [...wanted].filter(([reference, definition]) => this.#loaded.get(reference)?.definition.sha256 !== definition.sha256);
    const loaded: Array<readonly [string, LoadedModel]> = [];
    for (const [reference, definition] of changed) loaded.push([reference, await this.#load(definition)]);
    for (const [reference, model] of loaded) this.#loaded.set(reference, model);
    return changed.map(([reference, definition]) => `${reference} → ${modelReference(definition)}`);
  }

  async #wanted(): Promise<ReadonlyMap<string, ModelDefinition>> {
    const { folder } = this.options;
    const wanted = new Map(this.definitions.map((definition) => [modelReference(definition), definition]));
    if (folder === undefined) return wanted;
    for (const { replaces, definition } of await replacementsIn(folder, this.definitions)) {
      wanted.set(modelReference({ name: definition.name, version: replaces }), definition);
    }
    return wanted;
  }

  async #load(definition: ModelDefinition): Promise<LoadedModel> {
    const { threads = 1, windowMs = 0, maxBatchRows = 1_024, clock = systemClock } = this.options;
    const session = await OnnxSession.load(definition, threads);
    const batcher = new MicroBatcher((matrix, rows) => session.run(matrix, rows), { features: definition.features, windowMs, maxRows: maxBatchRows }, clock);
    const run: LoadedModel['run'] = async (matrix, rows, timeLeftMs) => {
      checkShape(definition, matrix, rows);
      return rows === 0 ? new Float32Array() : await batcher.run(matrix, rows, timeLeftMs);
    };
    return { definition, run };
  }
}

function checkShape(definition: ModelDefinition, matrix: Float32Array, rows: number): void {
  if (matrix.length === rows * definition.features) return;
  throw error('MILLRACE_MODEL_SHAPE', `model ${modelReference(definition)} takes rows × ${definition.features} values, got ${matrix.length} for ${rows} rows`);
}
