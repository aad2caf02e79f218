import type { DocumentName } from '@millrace/document-store';
import { every, messageOf, MillraceError } from '@millrace/kernel';
import type { Models } from '@millrace/models';
import type { AnyTask, CachePolicy } from '@millrace/tasks';
import type { Log, Metrics } from '@millrace/telemetry';
import type { Arguments, HandlerRun, Try, TryRunner } from '../pools/pool.js';
import { resultName } from './cache-key.js';
import { KeptResults, type KeptResultsDeps } from './kept-results.js';

export interface CachedRunnerDeps extends KeptResultsDeps {
  readonly models: Models;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** How often it is seen to that somebody removes what has expired. */
const removalMs = 3_600_000;

/**
 * Gives results again that were worked out before, for the same tenant, by the same version of a task, with the same models,
 * from the same arguments; for tasks whose policy says so. Trouble with the cache is logged and costs no task its result.
 */
export class CachedRunner implements TryRunner {
  readonly #results: KeptResults;
  readonly #keeping = new Set<Promise<void>>();
  #stopRemoving: () => void = () => undefined;

  constructor(
    private readonly runner: TryRunner,
    private readonly deps: CachedRunnerDeps,
  ) {
    this.#results = new KeptResults(deps);
  }

  run(task: AnyTask, tried: Try, previous: Arguments, given: AbortSignal): Promise<HandlerRun> {
    const { cache } = task.policy;
    const name = cache && this.#nameOf(cache, tried, previous);
    return name ? this.#cached(task, { cache, name }, () => this.runner.run(task, tried, previous, given)) : this.runner.run(task, tried, previous, given);
  }

  /** Has what has expired removed, now and then. */
  start(): void {
    this.#stopRemoving = every(this.deps.clock, removalMs, () => this.#removeExpired());
  }

  /** Resolves when what is being kept is kept. */
  async stop(): Promise<void> {
    this.#stopRemoving();
    await Promise.all(this.#keeping);
  }

  /** Undefined for a call of each of several items, and for a task whose models this process does not have. */
  #nameOf({ version, models = [] }: CachePolicy, { run, step }: Try, previous: Arguments): DocumentName | undefined {
    if (step.items) return undefined;
    const { task, args } = step.signature;
    try {
      const loaded = models.map((model) => this.deps.models.get(model).definition);
      return resultName({ tenant: run.tenant, task, version, models: loaded, args: [...previous, ...args] });
    } catch (err) {
      if (MillraceError.is(err, 'MILLRACE_MODEL_NOT_LOADED')) return undefined;
      throw err;
    }
  }

  async #cached(task: AnyTask, { cache, name }: { cache: CachePolicy; name: DocumentName }, runs: () => Promise<HandlerRun>): Promise<HandlerRun> {
    const found = await this.#find(task.name, name);
    if (found) return found;
    const ran = await runs();
    if (ran.outcome.kind === 'succeeded') this.#keep(task.name, name, { value: ran.outcome.value, handlerMs: ran.handlerMs }, cache.ttlMs);
    return ran;
  }

  async #find(task: string, name: DocumentName): Promise<HandlerRun | undefined> {
    const { clock, metrics, log } = this.deps;
    const startedAt = clock.monotonic();
    try {
      const kept = await this.#results.find(name);
      metrics.cacheLookups.inc({ task, result: kept ? 'hit' : 'miss' });
      if (!kept) return undefined;
      const handlerMs = clock.monotonic() - startedAt;
      const savedMs = kept.handlerMs - handlerMs;
      metrics.cacheSaved.inc({ task }, Math.max(0, savedMs) / 1_000);
      log.info({ task, key: name.key, savedMs: Math.round(savedMs) }, 'result from the cache');
      return { outcome: { kind: 'succeeded', value: kept.value }, handlerMs };
    } catch (err) {
      metrics.cacheLookups.inc({ task, result: 'trouble' });
      log.warn({ task, key: name.key, reason: messageOf(err) }, 'cache not read');
      return undefined;
    }
  }

  /** Beside the run, which need not wait for it. */
  #keep(task: string, name: DocumentName, result: { readonly value: unknown; readonly handlerMs: number }, ttlMs: number): void {
    const keeping = this.#results
      .keep(name, result, ttlMs)
      .catch((err: unknown) => this.deps.log.warn({ task, key: name.key, reason: messageOf(err) }, 'result not kept'))
      .finally(() => this.#keeping.delete(keeping));
    this.#keeping.add(keeping);
  }

  async #removeExpired(): Promise<void> {
    try {
      const removed = await this.#results.removeExpired();
      if (removed > 0) this.deps.log.info({ removed }, 'expired artifacts of the cache removed');
    } catch (err) {
      this.deps.log.warn({ reason: messageOf(err) }, 'expired artifacts of the cache not removed');
    }
  }
}
