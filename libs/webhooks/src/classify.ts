import type { CallbackResponse } from './post-callback.js';

/** `gone`: the receiver wants no more callbacks. */
export type Verdict = 'delivered' | 'retry' | 'gone';

/** What an attempt has come to. Only 2xx is a delivery; a redirect is not. */
export function classify(response: CallbackResponse): Verdict {
  if (response.kind === 'error') return 'retry';
  if (response.status >= 200 && response.status < 300) return 'delivered';
  return response.status === 410 ? 'gone' : 'retry';
}
