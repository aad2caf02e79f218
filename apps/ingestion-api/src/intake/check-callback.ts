import { type Endpoint, type Endpoints, parseCallbackUrl } from '@millrace/webhooks';
import { problem, ProblemError } from '../problem.js';

export interface CallbackRules {
  readonly tenant: string;
  readonly endpoints: Pick<Endpoints, 'of' | 'ofNow'>;
  readonly allowPrivate: boolean;
}

/**
 * Why no callback may go to a URL, by the rules of the deployment and the settings of the tenant's endpoint; undefined
 * when it may. The settings are those known here; only before they refuse a callback they are looked at anew.
 */
export async function refusalOf(callback: string, { tenant, endpoints, allowPrivate }: CallbackRules): Promise<ProblemError | undefined> {
  const checked = parseCallbackUrl(callback, { allowPrivate, allowHttp: true });
  if (!checked.ok) return refused('MILLRACE_CALLBACK_REFUSED', checked.message);
  const refusalBy = (endpoint: Endpoint): ProblemError | undefined => refusalOfEndpoint(endpoint, allowPrivate);
  return refusalBy(await endpoints.of(tenant, callback)) && refusalBy(await endpoints.ofNow(tenant, callback));
}

function refusalOfEndpoint({ origin, allowHttp, disabled }: Endpoint, allowPrivate: boolean): ProblemError | undefined {
  const settings = `/v1/endpoints/${encodeURIComponent(origin)}`;
  if (disabled) return refused('MILLRACE_ENDPOINT_DISABLED', `the endpoint ${origin} is disabled: ${reasons[disabled.reason]}. Enable it (PUT ${settings}), or leave the callback out and ask for the outcome`);
  if (allowPrivate || allowHttp || !origin.startsWith('http:')) return undefined;
  return refused('MILLRACE_CALLBACK_REFUSED', `a callback URL starts with https://, unless http is allowed for its endpoint (PUT ${settings} with allowHttp)`);
}

const reasons: Readonly<Record<NonNullable<Endpoint['disabled']>['reason'], string>> = {
  gone: 'it answered 410',
  failing: 'no callback got through for 120 hours',
  'by-hand': 'somebody has disabled it',
};

function refused(code: 'MILLRACE_CALLBACK_REFUSED' | 'MILLRACE_ENDPOINT_DISABLED', detail: string): ProblemError {
  return new ProblemError(problem({ status: 422, code, title: 'The callback is not taken', detail, errors: [{ pointer: '#query/callback', detail }] }));
}
