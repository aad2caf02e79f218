import { z } from 'zod';

/** How a failed step is told to the outside: a catalogue code and a sentence. */
export const stepError = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    detail: z.record(z.string(), z.unknown()).readonly().exactOptional(),
  })
  .readonly();
export type StepError = z.infer<typeof stepError>;
