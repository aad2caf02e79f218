import type { Domain } from '@millrace/domain';
import { benchDomains } from '@millrace/domain-bench';

export { catalog, domainErrors } from './catalog.generated.js';

/** Domains that exist for load tests only. */
export const benchCatalog: readonly Domain[] = benchDomains;
