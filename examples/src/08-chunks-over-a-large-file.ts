import { chain, chunks } from '@millrace/canvas';
import type { ArtifactRef } from '@millrace/contracts';
import { defineTask, replace } from '@millrace/tasks';
import { z } from 'zod';
import { example } from './running/example.js';

const artifact = z.custom<ArtifactRef>((value) => typeof value === 'object' && value !== null && 'key' in value);
const lineBytes = 16;

/** A file of fixed-width lines: the number of the line, and a reading. */
const write = defineTask({
  name: 'file.write',
  args: z.tuple([z.number()]),
  handler: async (ctx, lines) => {
    const text = Array.from({ length: lines }, (_, i) => `${String(i).padStart(8)} ${String(i % 97).padStart(6)}\n`).join('');
    return ctx.artifacts.write('readings', Buffer.from(text), 'text/plain');
  },
});

const highest = defineTask({
  name: 'file.highest',
  args: z.tuple([z.number(), artifact]),
  handler: async (ctx, line, file) => {
    const at = line * lineBytes;
    return Number(new TextDecoder().decode((await ctx.artifacts.read(file)).subarray(at + 9, at + lineBytes)));
  },
});

// One step for every 100 lines, each calling `highest` line by line. The numbers of the lines are a range, so the canvas
// stays small however long the file is.
const split = defineTask({
  name: 'file.split',
  args: z.tuple([artifact]),
  handler: async (_ctx, file) => replace(chunks(highest.s(file), { from: 0, to: file.bytes / lineBytes }, 100)),
});

const summary = defineTask({
  name: 'file.summary',
  args: z.tuple([z.array(z.array(z.number()))]),
  handler: async (_ctx, parts) => ({ chunks: parts.length, lines: parts.flat().length, highest: Math.max(...parts.flat()) }),
});

export default example({ tasks: [write, highest, split, summary] }, async ({ client }, print) => {
  const run = await client.run(chain(write.s(20_000), split.s(), summary.s()));
  print(await run.result());
});

// Prints:
// {"chunks":200,"lines":20000,"highest":96}
