import { verifyCallback, verifyingKey } from '@millrace/webhook-receiver';

export interface SignedRequest {
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
  readonly nowSeconds: number;
  readonly toleranceSeconds?: number;
}

/** What a receiver makes of a callback. */
export function verify({ secrets, headers, body, nowSeconds, toleranceSeconds = 300 }: SignedRequest): { readonly ok: boolean; readonly reason?: string } {
  const verified = verifyCallback({ headers, body }, { keys: secrets.map(verifyingKey), nowSeconds, toleranceSeconds });
  return verified.ok ? { ok: true } : verified;
}
