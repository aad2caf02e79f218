import type { Runtime } from '@millrace/platform';
import { type EndpointAdmin, openEndpointAdmin, openEndpoints, type TenantEndpoints } from '@millrace/webhooks';

/** Endpoints as the dispatchers see them. */
export function endpointsOf(runtime: Runtime): TenantEndpoints {
  const { MILLRACE_KEYS: keys, MILLRACE_CALLBACK_SECRETS: secrets = [] } = runtime.config;
  return openEndpoints({ keys, secrets }, runtime).endpoints;
}

export const endpointAdminOf = (runtime: Runtime): EndpointAdmin => openEndpointAdmin(runtime.config.MILLRACE_KEYS, runtime);
