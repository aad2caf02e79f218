import { z } from 'zod';

/** RFC 9457 problem details, the body of every HTTP error. */
export const problem = z
  .strictObject({
    type: z.string().describe('A URI that names the kind of problem and never changes'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What was wrong this time, and what to do'),
    code: z.string().regex(/^MILLRACE_[A-Z_]+$/).describe('The code in docs/errors.md'),
    instance: z.string().exactOptional().describe('The path of the request'),
    errors: z
      .array(
        z
          .strictObject({
            pointer: z.string().describe('A JSON Pointer (RFC 6901) into the body, or #query/name, #header/name, #part/name'),
            detail: z.string(),
            code: z.string().exactOptional(),
          })
          .readonly(),
      )
      .max(20)
      .readonly()
      .exactOptional()
      .describe('Where in the request the problem is'),
  })
  .readonly();
export type Problem = z.infer<typeof problem>;
