import type { Config } from '@millrace/platform';
import { deploymentKeys, ResultLinks } from '@millrace/webhooks';

/** As long as records are kept. */
const goodForMs = 15 * 24 * 3_600_000;

/**
 * Where the ingestion API has the results of a run that are too large for its callback: for whoever has the link, or, as
 * long as the deployment has no key to sign it with, for who has credentials.
 */
export function resultUrl(config: Config): (run: { readonly id: string; readonly createdAt: number }) => string {
  const links = new ResultLinks(deploymentKeys(config.MILLRACE_KEYS, 'result links'));
  const base = config.MILLRACE_PUBLIC_URL ?? `http://${config.MILLRACE_HOST}:${config.MILLRACE_PORT}`;
  return ({ id, createdAt }) => links.sign(`${base}/v1/ingestions/${id}/results`, id, createdAt + goodForMs);
}
