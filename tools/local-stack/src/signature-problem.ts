import type { IncomingHttpHeaders } from 'node:http';
import { systemClock } from '@millrace/kernel';
import { verifyCallback, verifyingKey } from '@millrace/webhook-receiver';

/** Why the signature of a callback that came just now is wrong, by Standard Webhooks; undefined when it is right. */
export function signatureProblem(secret: string, headers: IncomingHttpHeaders, body: Uint8Array): string | undefined {
  const options = { keys: [verifyingKey(secret)], nowSeconds: Math.floor(systemClock.now() / 1000), toleranceSeconds: 300 };
  const verified = verifyCallback({ headers, body }, options);
  return verified.ok ? undefined : verified.reason;
}
