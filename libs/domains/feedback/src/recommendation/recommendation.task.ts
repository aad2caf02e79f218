import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { genuineOf, predict } from '../genuine.js';
import { agreement, countsOf, surest } from '../insight-parts.js';
import { recommendationModel } from '../models/models.js';
import { reference } from '../models/text-model.js';

const listed = 5;

/** Whether a message recommends what it is about; where reviewers said so themselves, how far that agrees. */
export const recommendationTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'feedback.recommendation',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const genuine = await genuineOf(ctx, ref);
    const { dataset } = genuine;
    const found = await predict(ctx, recommendationModel, genuine.messages);
    const against = recommendationModel.labels.indexOf('not recommended');
    return {
      model: reference(ctx, recommendationModel),
      read: genuine.messages.length,
      leftOut: genuine.leftOut,
      recommendations: countsOf(recommendationModel.labels, found),
      statements: agreement(genuine, found, (place) => labelOf(dataset.recommended[place] ?? null)),
      leastRecommended: surest(genuine, found, against, listed),
    };
  },
});

const labelOf = (said: boolean | null): number => (said === null ? -1 : recommendationModel.labels.indexOf(said ? 'recommended' : 'not recommended'));
