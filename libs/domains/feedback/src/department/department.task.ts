import { artifactRef, type ArtifactRef } from '@millrace/contracts';
import type { Insight } from '@millrace/domain';
import { defineTask, type Task } from '@millrace/tasks';
import { z } from 'zod';
import { genuineOf, predict } from '../genuine.js';
import { agreement, countsOf } from '../insight-parts.js';
import { departmentModel } from '../models/models.js';
import { reference } from '../models/text-model.js';

/** The department of a clothes shop that a message is about; where the file names departments, how far these agree. */
export const departmentTask: Task<[dataset: ArtifactRef], Insight> = defineTask({
  name: 'feedback.department',
  args: z.tuple([artifactRef]),
  handler: async (ctx, ref) => {
    const genuine = await genuineOf(ctx, ref);
    const found = await predict(ctx, departmentModel, genuine.messages);
    return {
      model: reference(ctx, departmentModel),
      read: genuine.messages.length,
      leftOut: genuine.leftOut,
      departments: countsOf(departmentModel.labels, found).toSorted((a, b) => b.messages - a.messages),
      named: agreement(genuine, found, (place) => departmentNamed(genuine.dataset.department[place] ?? '')),
    };
  },
});

/** The position among the model's labels; −1 for other departments. Every spelling of intimates begins with `in`. */
export function departmentNamed(name: string): number {
  const lower = name.toLowerCase();
  return departmentModel.labels.indexOf(lower.startsWith('in') ? 'intimates' : lower);
}
