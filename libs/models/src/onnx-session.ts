import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { modelErrors } from './errors.js';
import { type ModelDefinition, modelReference } from './model.js';

const { error } = modelErrors;

type Onnx = typeof import('onnxruntime-node');

/** One model in native memory, which is given back when nobody refers to it any more. */
export class OnnxSession {
  private constructor(
    private readonly onnx: Onnx,
    private readonly session: InferenceSession,
    readonly definition: ModelDefinition,
  ) {}

  /**
   * Loads, verifies and warms a model. `threads`: how many of the machine's cores one run may use; workers times threads
   * should be cores. Rejects with MILLRACE_MODEL_UNREADABLE, _CHECKSUM or, when the graph is not as defined, _SHAPE.
   */
  static async load(definition: ModelDefinition, threads: number): Promise<OnnxSession> {
    const bytes = await readVerified(definition);
    const onnx = await import('onnxruntime-node');
    const session = await onnx.InferenceSession.create(bytes, optionsFor(threads)).catch((cause: unknown) => {
      throw error('MILLRACE_MODEL_UNREADABLE', `model ${modelReference(definition)} cannot be loaded`, { cause });
    });
    const loaded = new OnnxSession(onnx, session, definition);
    await loaded.#warm();
    return loaded;
  }

  /** As `LoadedModel.run`, for this call alone. */
  async run(matrix: Float32Array, rows: number): Promise<Float32Array> {
    const { features, input, output } = this.definition;
    if (rows === 0) return new Float32Array();
    const outputs = await this.session.run({ [input]: new this.onnx.Tensor('float32', matrix, [rows, features]) }, [output]);
    return Float32Array.from(outputs[output]?.data as Float32Array);
  }

  async #warm(): Promise<void> {
    await this.run(new Float32Array(this.definition.features), 1).catch((cause: unknown) => {
      throw error('MILLRACE_MODEL_SHAPE', `model ${modelReference(this.definition)} does not take one row of ${this.definition.features} values as it is defined`, { cause });
    });
  }
}

const optionsFor = (threads: number): InferenceSession.SessionOptions => ({
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
});

async function readVerified(definition: ModelDefinition): Promise<Uint8Array> {
  const bytes = await readFile(definition.file).catch((cause: unknown) => {
    throw error('MILLRACE_MODEL_UNREADABLE', `the file of model ${modelReference(definition)} cannot be read`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === definition.sha256) return bytes;
  throw error('MILLRACE_MODEL_CHECKSUM', `the file of model ${modelReference(definition)} has SHA-256 ${sha256}, expected ${definition.sha256}`);
}
