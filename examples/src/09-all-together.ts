import { branch, chain, group } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const load = defineTask({ name: 'report.load', args: z.tuple([z.array(z.number())]), handler: async (_ctx, values) => values });
const mean = defineTask({
  name: 'report.mean',
  args: z.tuple([z.array(z.number())]),
  handler: async (_ctx, values) => values.reduce((a, b) => a + b, 0) / values.length,
});
const highest = defineTask({ name: 'report.highest', args: z.tuple([z.array(z.number())]), handler: async (_ctx, values) => Math.max(...values) });
const verdict = defineTask({
  name: 'report.verdict',
  args: z.tuple([z.tuple([z.number(), z.number()])]),
  handler: async (_ctx, [average, peak]) => (peak > 2 * average ? 'spiky' : 'calm'),
});
const alarm = defineTask({ name: 'report.alarm', args: z.tuple([z.tuple([z.number(), z.number()])]), handler: async (_ctx, [, peak]) => `alarm at ${peak}` });
const file = defineTask({ name: 'report.file', args: z.tuple([z.tuple([z.number(), z.number()])]), handler: async (_ctx, [average]) => `filed with ${average}` });

// One after another, side by side, and one way or the other.
const report = (values: number[]) =>
  chain(load.s(values), group([mean.s(), highest.s()]), branch(verdict.s(), { spiky: alarm.s(), calm: file.s() }));

export default example({ tasks: [load, mean, highest, verdict, alarm, file] }, async ({ client }, print) => {
  const spiky = await client.run(report([1, 2, 1, 8]));
  print(await spiky.result());
  print(await (await client.run(report([3, 5, 4]))).result());
  print(await spiky.mermaid());
});

// Prints:
// alarm at 8
// filed with 4
