import { benchCatalog, catalog } from '@millrace/catalog';
import type { Domain } from '@millrace/domain';
import { callbackTask } from '@millrace/engine';
import type { AnyTask, Router } from '@millrace/tasks';
import { domainsNamed } from './applicable.js';
import { orchestrationTasks } from './ingestion.pipeline.js';
import { createRouter } from './queues.js';
import { summaryTaskFor } from './summary/summary.task.js';

/** The product as one deployment has it. */
export interface Product {
  readonly domains: readonly Domain[];
  /** What the analyst carries out: the analyses of all domains and, if one of them has something to say in it, the summary. */
  readonly analyses: readonly AnyTask[];
  readonly router: Router;
}

const groups: ReadonlyMap<string, readonly Domain[]> = new Map([
  ['all', catalog],
  ['bench', benchCatalog],
]);

/**
 * `names`: the deployment's domains; `all` stands for every domain of the product, `bench` for those that exist for load
 * tests only. Throws MILLRACE_DOMAIN_UNKNOWN.
 */
export function createProduct(names: readonly string[]): Product {
  const domains = [...new Set(names.flatMap((name) => groups.get(name) ?? domainsNamed(catalog, [name])))];
  const summary = domains.some(({ summarise }) => summarise) ? [summaryTaskFor(domains)] : [];
  const analyses = [...domains.flatMap((domain) => domain.analyses), ...summary];
  const tasks = [...domains.map(({ dataset }) => dataset), ...analyses].map(({ name }) => name);
  return { domains, analyses, router: createRouter([...orchestrationTasks, callbackTask, ...tasks]) };
}
