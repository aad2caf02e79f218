import type { z } from 'zod';
import { answerError, type Bounds, HttpService, type HttpServiceOptions } from './http-service.js';
import type { AskedModel } from './http-analysis.js';

export interface JsonModelOptions<Answer> extends HttpServiceOptions {
  /** What the answer has to be. */
  readonly answer: z.ZodType<Answer>;
}

/** A service that takes a POST of JSON at its URL and answers with JSON. */
export class JsonModel<Request, Answer> implements AskedModel<Request, Answer> {
  readonly #service: HttpService;

  constructor(private readonly options: JsonModelOptions<Answer>) {
    this.#service = new HttpService(options);
  }

  async ask(bounds: Bounds, request: Request): Promise<Answer> {
    const parsed = this.options.answer.safeParse(await this.#service.ask(bounds, { method: 'POST', path: '', body: request }));
    if (parsed.success) return parsed.data;
    const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw answerError(`the answer is not what the analysis expects: ${where.slice(0, 300)}`);
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}
