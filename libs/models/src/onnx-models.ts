import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { modelErrors } from './errors.js';
import type { LoadedModel, ModelDefinition, Models } from './model.js';

const { error } = modelErrors;

/** One thread per session: a process is scaled by workers, not by threads that spin. */
const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
};

type Onnx = typeof import('onnxruntime-node');

/** Loads, verifies and warms each model once; rejects when any of them cannot be used. Without models the runtime is not loaded. */
export async function loadOnnxModels(definitions: readonly ModelDefinition[]): Promise<Models> {
  const loaded = new Map<string, LoadedModel>();
  if (definitions.length > 0) {
    const onnx = await import('onnxruntime-node');
    for (const definition of definitions) loaded.set(key(definition), await load(onnx, definition));
  }
  return {
    get: (definition) => {
      const model = loaded.get(key(definition));
      if (model) return model;
      throw error('MILLRACE_MODEL_NOT_LOADED', `model ${key(definition)} is not loaded in this process`);
    },
  };
}

const key = (definition: ModelDefinition): string => `${definition.name}@${definition.version}`;

async function load(onnx: Onnx, definition: ModelDefinition): Promise<LoadedModel> {
  const bytes = await readVerified(definition);
  const session = await onnx.InferenceSession.create(bytes, sessionOptions).catch((cause: unknown) => {
    throw error('MILLRACE_MODEL_UNREADABLE', `model ${key(definition)} cannot be loaded`, { cause });
  });
  const model: LoadedModel = { definition, run: (matrix, rows) => run({ onnx, session, definition }, matrix, rows) };
  await model.run(new Float32Array(definition.features), 1);
  return model;
}

async function readVerified(definition: ModelDefinition): Promise<Uint8Array> {
  const bytes = await readFile(definition.file).catch((cause: unknown) => {
    throw error('MILLRACE_MODEL_UNREADABLE', `the file of model ${key(definition)} cannot be read`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === definition.sha256) return bytes;
  throw error('MILLRACE_MODEL_CHECKSUM', `the file of model ${key(definition)} has SHA-256 ${sha256}, expected ${definition.sha256}`);
}

interface Loaded {
  readonly onnx: Onnx;
  readonly session: InferenceSession;
  readonly definition: ModelDefinition;
}

async function run({ onnx, session, definition }: Loaded, matrix: Float32Array, rows: number): Promise<Float32Array> {
  if (matrix.length !== rows * definition.features) {
    throw error('MILLRACE_MODEL_SHAPE', `model ${key(definition)} takes rows × ${definition.features} values, got ${matrix.length} for ${rows} rows`);
  }
  if (rows === 0) return new Float32Array();
  const feeds = { [definition.input]: new onnx.Tensor('float32', matrix, [rows, definition.features]) };
  const outputs = await session.run(feeds, [definition.output]);
  return Float32Array.from(outputs[definition.output]?.data as Float32Array);
}
