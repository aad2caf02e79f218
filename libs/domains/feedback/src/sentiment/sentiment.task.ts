import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { genuineOf, predict } from '../genuine.js';
import { agreement, countsOf, surest } from '../insight-parts.js';
import { sentimentModel } from '../models/models.js';
import { reference } from '../models/text-model.js';

const listed = 5;

/** Negative, neutral or positive, as the words sound; where reviews have ratings, how far these agree. */
export const sentimentTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'feedback.sentiment',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const genuine = await genuineOf(ctx, ref);
    const { dataset } = genuine;
    const found = await predict(ctx, sentimentModel, genuine.messages);
    const top = (label: string) => surest(genuine, found, sentimentModel.labels.indexOf(label), listed);
    return {
      model: reference(ctx, sentimentModel),
      read: genuine.messages.length,
      leftOut: genuine.leftOut,
      sentiments: countsOf(sentimentModel.labels, found),
      ratings: agreement(genuine, found, (place) => sentimentOfRating(dataset.rating[place] ?? 0)),
      mostNegative: top('negative'),
      mostPositive: top('positive'),
    };
  },
});

/** The position among the model's labels: up to 2 is negative, 3 neutral, from 4 positive; −1 without a rating. */
export function sentimentOfRating(rating: number): number {
  if (rating === 0) return -1;
  return sentimentModel.labels.indexOf(rating <= 2 ? 'negative' : rating === 3 ? 'neutral' : 'positive');
}
