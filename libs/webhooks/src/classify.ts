import type { CallbackResponse } from './post-callback.js';

/** `gone`: the receiver wants no more callbacks. `throttled`: it asks for fewer, or cannot keep up. */
export type Verdict = 'delivered' | 'throttled' | 'failed' | 'gone';

const tooMuch = new Set([429, 502, 503, 504]);

/** What an attempt has come to. Only 2xx is a delivery; a redirect is not. */
export function classify(response: CallbackResponse): Verdict {
  if (response.kind === 'error') return response.reason === 'timeout' ? 'throttled' : 'failed';
  if (response.status >= 200 && response.status < 300) return 'delivered';
  if (response.status === 410) return 'gone';
  return tooMuch.has(response.status) ? 'throttled' : 'failed';
}

/** Whether the endpoint itself is in trouble, rather than refusing what it was sent. Our own refusal to connect tells nothing of it. */
export const isTrouble = (response: CallbackResponse): boolean => (response.kind === 'error' ? response.reason !== 'refused' : response.status >= 500 || response.status === 429);
