/** A trained model as a file. Loaded once per process before the worker takes its first message. */
export interface ModelDefinition {
  /** `<domain>.<model>`. Several versions of a model may be loaded side by side. */
  readonly name: string;
  readonly version: string;
  /** Where the ONNX file lies; a `file:` URL next to the code. */
  readonly file: URL;
  /** SHA-256 of the file, lower-case hex; checked before loading. */
  readonly sha256: string;
  /** Columns of the input matrix. */
  readonly features: number;
  /** Name of the graph's input. */
  readonly input: string;
  /** Name of the output to read. */
  readonly output: string;
}

/** A model ready to run. */
export interface LoadedModel {
  /** What is loaded, which may be a version that has taken the place of the one asked for: insights name this one. */
  readonly definition: ModelDefinition;
  /**
   * Runs the model on `rows` rows of `definition.features` float32 each, row by row in `matrix`, which must stay as it is
   * until the promise is settled. Resolves with the chosen output's values, row by row. Calls made at about the same time
   * may run as one; `timeLeftMs` is how long the caller can wait, without it any time. Blocks the event loop while the
   * native code runs. Rejects with MILLRACE_MODEL_SHAPE when the sizes do not fit.
   */
  run(matrix: Float32Array, rows: number, timeLeftMs?: number): Promise<Float32Array>;
}

/** What task handlers see of the models of their process. */
export interface Models {
  /** Throws MILLRACE_MODEL_NOT_LOADED for a model that the process did not load at start-up. */
  get(definition: ModelDefinition): LoadedModel;
}

/** Declares a model; an identity function that keeps the literal's type. */
export const defineModel = (definition: ModelDefinition): ModelDefinition => definition;

/** How insights and messages name a model: `<name>@<version>`. */
export const modelReference = ({ name, version }: Pick<ModelDefinition, 'name' | 'version'>): string => `${name}@${version}`;

/** A model whose calls wait no longer than `timeLeftMs` allows at that moment. */
export const hurried = (model: LoadedModel, timeLeftMs: () => number): LoadedModel => ({
  definition: model.definition,
  run: (matrix, rows) => model.run(matrix, rows, timeLeftMs()),
});
