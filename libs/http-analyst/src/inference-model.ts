import { MillraceError } from '@millrace/kernel';
import { z } from 'zod';
import { answerError, type Bounds, HttpService, type HttpServiceOptions } from './http-service.js';
import type { AskedModel } from './http-analysis.js';
import { decodeTensor, encodeTensor, type Tensor } from './tensor.js';

export interface InferenceModelOptions extends HttpServiceOptions {
  readonly model: string;
  /** Default: the server's choice. */
  readonly version?: string;
}

export interface InferenceRequest {
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted; default: all. */
  readonly outputs?: readonly string[];
}

export interface InferenceAnswer {
  /** The model that answered, `<name>@<version>` as far as the server says. */
  readonly model: string;
  /** By name. */
  readonly outputs: ReadonlyMap<string, Tensor>;
}

const answer = z.object({ model_name: z.string().max(200).optional(), model_version: z.string().max(100).optional(), outputs: z.array(z.unknown()) });
const readiness = z.object({ ready: z.boolean() }).partial();

/**
 * A model behind a server that speaks the Open Inference Protocol v2, such as KServe or Triton; see
 * https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md.
 */
export class InferenceModel implements AskedModel<InferenceRequest, InferenceAnswer> {
  readonly #service: HttpService;
  readonly #path: string;

  constructor(private readonly options: InferenceModelOptions) {
    const { model, version, ...service } = options;
    this.#service = new HttpService(service);
    this.#path = `v2/models/${encodeURIComponent(model)}${version === undefined ? '' : `/versions/${encodeURIComponent(version)}`}`;
  }

  /** Whether the server has the model ready. Some servers say so with the status alone. Rejects when there is no answer. */
  async isReady(bounds: Bounds): Promise<boolean> {
    try {
      const told = readiness.safeParse((await this.#service.ask(bounds, { method: 'GET', path: `${this.#path}/ready` })) ?? {});
      return told.success && told.data.ready !== false;
    } catch (err) {
      if (MillraceError.is(err) && 'status' in err.detail) return false;
      throw err;
    }
  }

  /** Rejects with MILLRACE_ANALYST_TENSOR before anything is sent, else as HttpService does. */
  async ask(bounds: Bounds, { inputs, outputs }: InferenceRequest): Promise<InferenceAnswer> {
    const body = { inputs: inputs.map(encodeTensor), ...(outputs && { outputs: outputs.map((name) => ({ name })) }) };
    const parsed = answer.safeParse(await this.#service.ask(bounds, { method: 'POST', path: `${this.#path}/infer`, body }));
    if (!parsed.success) throw answerError('the answer has no outputs');
    const tensors = new Map(parsed.data.outputs.map(decodeTensor).map((tensor) => [tensor.name, tensor]));
    const missing = outputs?.find((name) => !tensors.has(name));
    if (missing !== undefined) throw answerError(`the answer has no output ${JSON.stringify(missing)}`);
    const { model_name: name = this.options.model, model_version: version = this.options.version } = parsed.data;
    return { model: version === undefined ? name : `${name}@${version}`, outputs: tensors };
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}
