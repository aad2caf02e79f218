import { benchCatalog, catalog } from '@millrace/catalog';
import { type Domain, tasksOf } from '@millrace/domain';
import { callbackTask } from '@millrace/engine';
import type { Router } from '@millrace/tasks';
import { domainsNamed } from './applicable.js';
import { orchestrationTasks } from './ingestion.pipeline.js';
import { createRouter } from './queues.js';

/** The product as one deployment has it. */
export interface Product {
  readonly domains: readonly Domain[];
  readonly router: Router;
}

/** `names`: the deployment's domains; `bench` stands for those that exist for load tests only. Throws MILLRACE_DOMAIN_UNKNOWN. */
export function createProduct(names: readonly string[]): Product {
  const domains = names.flatMap((name) => (name === 'bench' ? benchCatalog : domainsNamed(catalog, [name])));
  const tasks = domains.flatMap(tasksOf).map((task) => task.name);
  return { domains, router: createRouter([...orchestrationTasks, callbackTask, ...tasks]) };
}
