import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task, type TaskContext, type TaskPolicy } from '@millrace/tasks';
import { z } from 'zod';
import type { Bounds } from './http-service.js';

/** Something elsewhere that answers requests; see InferenceModel and JsonModel. */
export interface AskedModel<Request, Answer> {
  ask(bounds: Bounds, request: Request): Promise<Answer>;
}

export interface HttpAnalysisInit<Request, Answer> {
  /** `<domain>.<analysis>`. */
  readonly name: string;
  readonly model: AskedModel<Request, Answer>;
  /** What is asked about a dataset; undefined when there is nothing to ask. */
  request(dataset: Uint8Array): Request | undefined;
  /** What the answer means; `answer` is undefined when nothing was asked. */
  insight(answer: Answer | undefined, dataset: Uint8Array): Insight;
  /** Tries and delays. A server that says when to come again is obeyed if that is later than the policy's delay. */
  readonly policy?: Partial<TaskPolicy>;
}

/** An analysis that asks a model elsewhere, once for a dataset. */
export const httpAnalysis = <Request, Answer>({ name, model, request, insight, policy = {} }: HttpAnalysisInit<Request, Answer>): Task<[dataset: ArtifactRef], Insight> =>
  defineTask({
    name,
    args: z.tuple([artifactRef]),
    policy,
    handler: async (ctx: TaskContext, ref: ArtifactRef) => {
      const dataset = await ctx.artifacts.read(ref);
      const asked = request(dataset);
      return insight(asked === undefined ? undefined : await model.ask(ctx, asked), dataset);
    },
  });
