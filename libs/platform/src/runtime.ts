import type { BlobStore } from '@millrace/blob-store';
import type { Broker } from '@millrace/broker';
import { ArtifactStore, defaultSettings, type EngineSettings, HintSender } from '@millrace/engine';
import { type Clock, type Random, systemClock, systemRandom } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Router } from '@millrace/tasks';
import { createLog, Metrics, type ProcessLog } from '@millrace/telemetry';
import { openAdapters } from './adapters.js';
import type { Config } from './config.js';

/** The injection token of the process's runtime. */
export const RUNTIME = Symbol('runtime');

/** Everything a service is made of, built once from its configuration. */
export interface Runtime {
  readonly config: Config;
  readonly router: Router;
  readonly log: ProcessLog;
  readonly metrics: Metrics;
  readonly broker: Broker;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
  readonly artifacts: ArtifactStore;
  readonly hints: HintSender;
  readonly settings: EngineSettings;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens the profile's broker and stores and prepares them. Rejects when one of them does not answer. */
export async function openRuntime(service: string, config: Config, router: Router): Promise<Runtime> {
  const log = createLog(service, config.MILLRACE_LOG_LEVEL);
  const base = { config, router, log, metrics: new Metrics(service), settings: defaultSettings, clock: systemClock, random: systemRandom };
  const adapters = await openAdapters(config, base);
  await Promise.all([adapters.broker.prepare(router.queues), adapters.runs.prepare(), adapters.blobs.prepare()]);
  return { ...base, ...adapters, artifacts: new ArtifactStore(adapters.blobs), hints: new HintSender(adapters.broker, router, log) };
}

/** Rejects when the broker or a store does not answer. */
export async function pingRuntime({ broker, runs, blobs }: Runtime): Promise<void> {
  await Promise.all([broker.ping(), runs.ping(), blobs.ping()]);
}

export async function closeRuntime({ broker, runs, blobs, hints }: Runtime): Promise<void> {
  await hints.flush();
  await Promise.all([broker.close(), runs.close(), blobs.close()]);
}
