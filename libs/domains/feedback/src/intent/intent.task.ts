import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { genuineOf, predict } from '../genuine.js';
import { countsOf, shareOf, surest } from '../insight-parts.js';
import { intentModel, noIntent } from '../models/models.js';
import { reference } from '../models/text-model.js';

const listed = { intents: 20, none: 5 };

/** What customers of a bank want to know or have done, and how many want none of what the model knows. */
export const intentTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'feedback.intent',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const genuine = await genuineOf(ctx, ref);
    const found = await predict(ctx, intentModel, genuine.messages);
    const counts = countsOf(intentModel.labels, found).filter(({ messages }) => messages > 0);
    const intents = counts.filter(({ name }) => name !== noIntent).toSorted((a, b) => b.messages - a.messages);
    const none = counts.find(({ name }) => name === noIntent)?.messages ?? 0;
    return {
      model: reference(ctx, intentModel),
      read: genuine.messages.length,
      leftOut: genuine.leftOut,
      noneOfThese: { messages: none, share: shareOf(none, genuine.messages.length), surest: surest(genuine, found, intentModel.labels.indexOf(noIntent), listed.none) },
      intentsFound: intents.length,
      intents: intents.slice(0, listed.intents),
    };
  },
});
