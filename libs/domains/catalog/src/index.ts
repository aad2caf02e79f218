import type { Domain } from '@millrace/domain';
import { benchDomains } from '@millrace/domain-bench';
import { ordersDomain } from '@millrace/domain-orders';

/** The domains of the product. */
export const catalog: readonly Domain[] = [ordersDomain];

/** Domains that exist for load tests only. */
export const benchCatalog: readonly Domain[] = benchDomains;
