import { defineTask } from '@millrace/tasks';
import { z } from 'zod';

export const member = defineTask({ name: 'compare.member', args: z.tuple([z.number()]), handler: async (_ctx, n) => n });
export const count = defineTask({ name: 'compare.count', args: z.tuple([z.array(z.number())]), handler: async (_ctx, values) => values.length });
export const next = defineTask({ name: 'compare.next', args: z.tuple([z.number()]), handler: async (_ctx, n) => n + 1 });
