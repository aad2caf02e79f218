import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { decodeDataset } from '../dataset/feedback-dataset.js';
import { englishOf, predict } from '../genuine.js';
import { shareOf, surest } from '../insight-parts.js';
import { spamModel } from '../models/models.js';
import { reference } from '../models/text-model.js';

const listed = 10;

/** What is spam among the English messages. */
export const spamTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'feedback.spam',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const dataset = decodeDataset(await ctx.artifacts.read(ref));
    const english = englishOf(dataset);
    const found = await predict(ctx, spamModel, english.messages);
    const spam = found.label.reduce((sum, label) => sum + label, 0);
    return {
      model: reference(ctx, spamModel),
      read: english.messages.length,
      leftOut: { notEnglish: dataset.row.length - english.messages.length },
      spam,
      share: shareOf(spam, english.messages.length),
      surest: surest(english, found, spamModel.labels.indexOf('spam'), listed),
    };
  },
});
