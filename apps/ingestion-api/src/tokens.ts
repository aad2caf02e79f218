/** The names of the deployment's domains. */
export const DOMAIN_NAMES = Symbol('domain names');
