import type { CallbackClient, CallbackClientOptions } from './post-callback.js';

/** The HTTP client is loaded only by those who send: it takes megabytes. */
export const openCallbackClient = async (options: CallbackClientOptions): Promise<CallbackClient> => (await import('./post-callback.js')).createCallbackClient(options);
