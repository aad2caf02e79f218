import type { Workload } from '@millrace/app';
import { createProduct } from '@millrace/pipeline';

/** The analyses of these domains; what this service runs, be it in its own process or in children. */
export function workload(domains: readonly string[]): Required<Workload> {
  const product = createProduct(domains);
  return { tasks: product.analyses, models: product.domains.flatMap((domain) => domain.models) };
}
