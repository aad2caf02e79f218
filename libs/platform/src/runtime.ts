import type { Broker } from '@millrace/broker';
import type { BlobStore } from '@millrace/blob-store';
import { ArtifactStore, defaultSettings, type EngineSettings, HintSender } from '@millrace/engine';
import { type Clock, type Random, systemClock, systemRandom } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Router } from '@millrace/tasks';
import { createLog, type Log, Metrics } from '@millrace/telemetry';
import { openAdapters } from './adapters.js';
import type { Config } from './config.js';

/** Everything a service is made of, built once from its configuration. An injection token of its own. */
export class Runtime {
  private constructor(
    readonly config: Config,
    readonly router: Router,
    readonly log: Log,
    readonly metrics: Metrics,
    readonly broker: Broker,
    readonly runs: RunStore,
    readonly blobs: BlobStore,
    readonly artifacts: ArtifactStore,
    readonly hints: HintSender,
    readonly settings: EngineSettings,
    readonly clock: Clock,
    readonly random: Random,
  ) {}

  /** Opens the profile's broker and stores and prepares them. Rejects when one of them does not answer. */
  static async open(service: string, config: Config, router: Router): Promise<Runtime> {
    const log = createLog(service, config.MILLRACE_LOG_LEVEL);
    const metrics = new Metrics(service);
    const { broker, runs, blobs } = await openAdapters(config, { metrics, clock: systemClock, random: systemRandom });
    await Promise.all([broker.prepare(router.queues), runs.prepare(), blobs.prepare()]);
    const hints = new HintSender(broker, router, log);
    return new Runtime(config, router, log, metrics, broker, runs, blobs, new ArtifactStore(blobs), hints, defaultSettings, systemClock, systemRandom);
  }

  /** Rejects when the broker or a store does not answer. */
  async ping(): Promise<void> {
    await Promise.all([this.broker.ping(), this.runs.ping(), this.blobs.ping()]);
  }

  async close(): Promise<void> {
    await Promise.all([this.broker.close(), this.runs.close(), this.blobs.close()]);
  }
}
