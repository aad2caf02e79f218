import type { IncomingHttpHeaders } from 'node:http';
import { systemClock } from '@millrace/kernel';
import { verify } from '@millrace/webhooks';

/** Why the signature of a callback that came just now is wrong, by Standard Webhooks; undefined when it is right. */
export function signatureProblem(secret: string, headers: IncomingHttpHeaders, body: Uint8Array): string | undefined {
  const verification = verify({ secrets: [secret], headers, body, nowSeconds: Math.floor(systemClock.now() / 1000) });
  return verification.ok ? undefined : verification.reason;
}
