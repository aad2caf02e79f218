import type { MemberOutcome } from '@millrace/canvas';
import type { Domain } from '@millrace/domain';
import { type AnyTask, defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { summaryContent, summaryTask } from './content.js';
import { overview } from './overview.js';

const outcome = z.custom<MemberOutcome>((value) => typeof value === 'object' && value !== null && 'status' in value);

/** Sums up what all analyses of an ingestion found. */
export const summaryTaskFor = (domains: readonly Domain[]): AnyTask =>
  defineTask({
    name: summaryTask,
    args: z.tuple([z.array(outcome), summaryContent]),
    handler: async (_ctx, outcomes, content) => overview(domains, outcomes, content),
  });
