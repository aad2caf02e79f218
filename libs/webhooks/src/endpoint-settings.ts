import { messageOf } from '@millrace/kernel';
import { z } from 'zod';
import { webhookErrors } from './errors.js';
import { signingKey } from './signature.js';

/** The names that the contract or the transport need for themselves. */
const reservedHeaders = /^(host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*|webhook-.*)$/;

const headers = z
  .record(z.string().regex(/^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'the name of a header is at most 64 lower-case letters, digits and dashes'), z.string().max(1024))
  .refine((headers) => Object.keys(headers).length <= 16, 'at most 16 headers')
  .refine((headers) => !Object.keys(headers).some((name) => reservedHeaders.test(name)), 'host, connection, content-* and webhook-* are not for settings')
  .refine((headers) => Object.values(headers).every((value) => /^[\x20-\x7e]*$/.test(value)), 'the value of a header is printable ASCII on one line');

const secret = z.strictObject({
  secret: z
    .string()
    .regex(/^wh(sec|sk)_/, 'a secret begins with whsec_ or whsk_')
    .superRefine((text, ctx) => {
      try {
        signingKey(text);
      } catch (err) {
        ctx.addIssue({ code: 'custom', message: messageOf(err) });
      }
    }),
  expiresAt: z.number().optional().describe('From then on it does not sign, in milliseconds since 1970'),
});

/** What a tenant says of its endpoint. What is absent is as for the deployment. */
export const endpointSettings = z.strictObject({
  secrets: z.array(secret).min(1).max(10, 'at most ten secrets sign at once; rotate again when old ones have expired').optional().describe('Each that has not expired signs'),
  headers: headers.optional().describe('Go with every callback'),
  allowHttp: z.boolean().optional().describe('Whether callbacks may go over http, to port 80 too'),
  maxInFlight: z.int().min(1).max(100).optional().describe('Callbacks under way at once, for each dispatcher'),
  timeoutMs: z.int().min(1_000).max(30_000).optional().describe('For an attempt in all, in milliseconds'),
  disabled: z.strictObject({ reason: z.enum(['gone', 'failing', 'by-hand']), at: z.number() }).optional(),
});
export type EndpointSettings = z.infer<typeof endpointSettings>;
export type Disabled = NonNullable<EndpointSettings['disabled']>;

/** What may be said of an endpoint at will. Secrets are made here, and stay as they are. */
export const endpointChange = endpointSettings
  .pick({ headers: true, allowHttp: true, maxInFlight: true, timeoutMs: true })
  .extend({ disabled: z.boolean().optional().describe('Whether callbacks are kept from going there; default: no') });
export type EndpointChange = z.infer<typeof endpointChange>;

/** Throws MILLRACE_ENDPOINT_SETTINGS with what is wrong. */
export function readSettings(value: unknown): EndpointSettings {
  const parsed = endpointSettings.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw webhookErrors.error('MILLRACE_ENDPOINT_SETTINGS', `${issue?.path.join('.') || 'settings'}: ${issue?.message}`);
}

const pattern = /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/;
const ipv6 = /^https?:\/\/\[[0-9a-f:.]+\](:\d{1,5})?$/;

/**
 * Which endpoints settings are for: an origin such as `https://hooks.example.com`, all names below one as in
 * `https://*.example.com`, or `*`. Throws MILLRACE_ENDPOINT_SETTINGS.
 */
export function checkEndpointKey(key: string): void {
  if (key === '*' || (key.length <= 200 && (pattern.test(key) || ipv6.test(key)) && isOrigin(key.replace('*.', 'any.')))) return;
  throw webhookErrors.error('MILLRACE_ENDPOINT_SETTINGS', `${JSON.stringify(key.slice(0, 80))} is neither an origin as in https://hooks.example.com, nor https://*.example.com, nor *`);
}

/** As URLs have it: without the port that goes without saying. */
const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text;

/** The keys whose settings apply to an origin, the most general first; what is said later holds. */
export function keysFor(origin: string): readonly string[] {
  const [scheme = '', host = ''] = origin.split('://');
  const labels = host.split('.');
  const parents = labels.slice(1).map((_, i) => `${scheme}://*.${labels.slice(labels.length - 1 - i).join('.')}`);
  return ['*', ...parents, origin];
}
