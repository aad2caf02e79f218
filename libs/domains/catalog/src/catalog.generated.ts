// Made from the folders of libs/domains by `npm run new -- catalog`; not edited by hand.
import type { Domain } from '@millrace/domain';
import { feedbackDomain, feedbackErrors } from '@millrace/domain-feedback';
import { ordersDomain, orderErrors } from '@millrace/domain-orders';
import { sessionsDomain, sessionErrors } from '@millrace/domain-sessions';
import type { ErrorCatalogue } from '@millrace/kernel';

/** The domains of the product. */
export const catalog: readonly Domain[] = [feedbackDomain, ordersDomain, sessionsDomain];

/** The errors of each. */
export const domainErrors: ReadonlyArray<{ readonly domain: string; readonly catalogue: ErrorCatalogue }> = [
  { domain: 'feedback', catalogue: feedbackErrors.catalogue },
  { domain: 'orders', catalogue: orderErrors.catalogue },
  { domain: 'sessions', catalogue: sessionErrors.catalogue },
];
