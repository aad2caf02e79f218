import type { Domain } from '@millrace/domain';
import { benchDomains } from '@millrace/domain-bench';
import { feedbackDomain } from '@millrace/domain-feedback';
import { ordersDomain } from '@millrace/domain-orders';
import { sessionsDomain } from '@millrace/domain-sessions';

/** The domains of the product. */
export const catalog: readonly Domain[] = [ordersDomain, feedbackDomain, sessionsDomain];

/** Domains that exist for load tests only. */
export const benchCatalog: readonly Domain[] = benchDomains;
