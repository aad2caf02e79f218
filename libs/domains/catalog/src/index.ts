import type { Domain } from '@millrace/domain';
import { benchDomains } from '@millrace/domain-bench';

/** The domains of the product. */
export const catalog: readonly Domain[] = [];

/** Domains that exist for load tests only. */
export const benchCatalog: readonly Domain[] = benchDomains;
