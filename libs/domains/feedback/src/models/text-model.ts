import { defineModel, type LoadedModel, type ModelDefinition, modelReference } from '@millrace/models';
import type { TaskContext } from '@millrace/tasks';
import { type Message, NgramCounter, type Shape } from '../text/ngrams.js';

/** A linear model over the n-grams of a message; TF-IDF and weights are in the graph. */
export interface TextModel {
  readonly definition: ModelDefinition;
  readonly shape: Shape;
  /** In the order of the scores. A model of two labels has one score: above 0 it means the second. */
  readonly labels: readonly string[];
}

/** Trained by tools/models/feedback, where `<name>.md` is the card. */
export function textModel(name: string, sha256: string, shape: Shape, labels: readonly string[]): TextModel {
  const file = new URL(`../../models/${name}.onnx`, import.meta.url);
  const graph = { features: 2 * shape.slots, input: 'slots', output: 'scores' };
  return { definition: defineModel({ name: `feedback.${name}`, version: '1', file, sha256, ...graph }), shape, labels };
}

/** How an insight names the model that made it: what is loaded, which may have taken the place of what was asked for. */
export const reference = (ctx: Pick<TaskContext, 'model'>, { definition }: TextModel): string => modelReference(ctx.model(definition).definition);

/** What a model says of messages, in their order. */
export interface Predictions {
  /** Positions in the model's labels. */
  readonly label: Uint16Array;
  /** How far the label's score is above the next best, or above 0 the other way; never negative. */
  readonly margin: Float32Array;
}

/** Few enough that a batch takes some ten milliseconds; between batches the signal is looked at. */
const batchMessages = 256;

/** One row of scores for each message. Rejects with the signal's reason once it has aborted. */
export async function scoreMessages(model: TextModel, loaded: LoadedModel, messages: readonly Message[], signal: AbortSignal): Promise<Float32Array> {
  const counter = new NgramCounter(model.shape);
  const columns = scoreColumns(model);
  const width = model.definition.features;
  const scores = new Float32Array(messages.length * columns);
  const matrix = new Float32Array(Math.min(batchMessages, messages.length) * width);
  for (let from = 0; from < messages.length; from += batchMessages) {
    signal.throwIfAborted();
    const batch = messages.slice(from, from + batchMessages);
    matrix.fill(0);
    for (const [index, message] of batch.entries()) counter.write(matrix.subarray(index * width, (index + 1) * width), message);
    scores.set(await loaded.run(matrix.subarray(0, batch.length * width), batch.length), from * columns);
  }
  return scores;
}

/** Of the scores of whole messages. */
export function predictionsOf(model: TextModel, scores: Float32Array): Predictions {
  const columns = scoreColumns(model);
  const messages = scores.length / columns;
  const label = new Uint16Array(messages);
  const margin = new Float32Array(messages);
  for (let message = 0; message < messages; message++) {
    const [best, ahead] = bestOf(scores.subarray(message * columns, (message + 1) * columns));
    label[message] = best;
    margin[message] = ahead;
  }
  return { label, margin };
}

const scoreColumns = ({ labels }: TextModel): number => (labels.length === 2 ? 1 : labels.length);

/** The first of the highest scores, and its lead. */
function bestOf(scores: Float32Array): readonly [label: number, margin: number] {
  const only = scores[0] ?? 0;
  if (scores.length === 1) return [only > 0 ? 1 : 0, Math.abs(only)];
  let [best, top, next] = [0, -Infinity, -Infinity];
  for (const [index, score] of scores.entries()) {
    if (score > top) [best, top, next] = [index, score, top];
    else if (score > next) next = score;
  }
  return [best, top - next];
}
