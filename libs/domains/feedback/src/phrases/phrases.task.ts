import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { genuineOf } from '../genuine.js';
import { keyPhrases } from './key-phrases.js';

const listed = 25;

/** Phrases that messages share, most telling first; where reviews have ratings, the mean rating of those with the phrase. */
export const phrasesTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'feedback.phrases',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const { dataset, places, messages, leftOut } = await genuineOf(ctx, ref);
    const ratings = places.map((place) => dataset.rating[place] ?? 0);
    const found = await keyPhrases(messages, ctx.signal);
    const phrases = found.slice(0, listed).map(({ phrase, at }) => ({ phrase, messages: at.length, ...meanRating(at.map((index) => ratings[index] ?? 0)) }));
    return { read: messages.length, leftOut, ...meanRating(ratings), phrases };
  },
});

/** Two decimals; nothing when none is rated. */
function meanRating(ratings: readonly number[]): { readonly meanRating?: number } {
  const given = ratings.filter((rating) => rating > 0);
  if (given.length === 0) return {};
  return { meanRating: Math.round((100 * given.reduce((sum, rating) => sum + rating, 0)) / given.length) / 100 };
}
