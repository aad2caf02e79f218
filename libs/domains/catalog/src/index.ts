import type { Domain } from '@millrace/domain';
import { benchDomains } from '@millrace/domain-bench';
import { ordersDomain } from '@millrace/domain-orders';
import { sessionsDomain } from '@millrace/domain-sessions';

/** The domains of the product. */
export const catalog: readonly Domain[] = [ordersDomain, sessionsDomain];

/** Domains that exist for load tests only. */
export const benchCatalog: readonly Domain[] = benchDomains;
