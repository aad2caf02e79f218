import { endpointView } from '@millrace/webhooks';
import { z } from 'zod';

const time = z.iso.datetime();
const dayMs = 86_400_000;

/** GET /v1/endpoints. */
export const endpointList = z.strictObject({ endpoints: z.array(endpointView).readonly() }).readonly();
export type EndpointList = z.infer<typeof endpointList>;

/** The body of POST /v1/endpoints/{origin}/secret:rotate, if there is one. */
export const secretRotation = z
  .strictObject({
    kind: z.enum(['shared', 'key-pair']).default('shared').describe('shared: HMAC-SHA256, whsec_. key-pair: ed25519, whpk_'),
    graceMs: z.int().min(0).max(30 * dayMs).default(dayMs).describe('How long the secrets of before sign too, in milliseconds; default: a day'),
  })
  .prefault({});

export const newSecret = z
  .strictObject({
    origin: z.string(),
    verifyWith: z.string().describe('What receivers verify with: the secret itself (whsec_…), or the public key of a pair (whpk_…). A secret is told this once'),
  })
  .readonly();
export type NewSecret = z.infer<typeof newSecret>;

const state = z.enum(['exhausted', 'disabled']);

/** The query of GET /v1/callbacks. */
export const callbackQuery = z.strictObject({
  state: state.optional().describe('exhausted: the tenth attempt failed. disabled: the endpoint was disabled'),
  limit: z.int().min(1).max(100).optional().describe('At most so many; default 20'),
  cursor: z.string().regex(/^\w{1,64}$/, 'the cursor is none that a list gave').optional().describe('That of the page before'),
});
export type CallbackQuery = z.infer<typeof callbackQuery>;

const undelivered = z
  .strictObject({
    ingestionId: z.string(),
    state,
    origin: z.string().describe('Where it was to go, without path and query'),
    endedAt: time,
    attempts: z.int().nonnegative(),
    reason: z.string().describe('What the last attempt came to'),
  })
  .readonly();

/** GET /v1/callbacks. */
export const callbackList = z
  .strictObject({
    callbacks: z.array(undelivered).readonly().describe('The oldest ingestion first'),
    cursor: z.string().exactOptional().describe('Of the next page; absent on the last. A page may be short although there is more'),
  })
  .readonly();
export type CallbackList = z.infer<typeof callbackList>;
