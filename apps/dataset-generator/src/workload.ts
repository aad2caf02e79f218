import type { Workload } from '@millrace/app';
import { createProduct } from '@millrace/pipeline';

/** The dataset tasks of these domains; what this service runs, be it in its own process or in children. */
export const workload = (domains: readonly string[]): Workload => ({ tasks: createProduct(domains).domains.map((domain) => domain.dataset) });
