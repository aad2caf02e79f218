import { CountingRunStore, LoadLedger } from '@millrace/admission';
import { openAdapters, type Profile } from '@millrace/app';
import type { BlobStore, ObjectSource } from '@millrace/blob-store';
import type { Broker, BrokerUpkeep } from '@millrace/broker';
import { processId, TellingRunStore } from '@millrace/control';
import type { DocumentStore } from '@millrace/document-store';
import { ArtifactStore, CanvasStore, defaultSettings, type EngineSettings, FollowUp, HintSender } from '@millrace/engine';
import { type Clock, type Random, systemClock, systemRandom } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Router } from '@millrace/tasks';
import { createLog, EventBus, Metrics, type ProcessLog, recordTasks } from '@millrace/telemetry';
import type { Config } from './config.js';

/** The injection token of the process's runtime. */
export const RUNTIME = Symbol('runtime');

/** Everything a service is made of, built once from its configuration. */
export interface Runtime {
  readonly config: Config;
  readonly router: Router;
  readonly log: ProcessLog;
  readonly metrics: Metrics;
  readonly events: EventBus;
  readonly broker: Broker & BrokerUpkeep;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  /** What is under way over all processes. */
  readonly load: LoadLedger;
  readonly objects?: ObjectSource;
  readonly artifacts: ArtifactStore;
  readonly hints: HintSender;
  readonly followUp: FollowUp;
  readonly settings: EngineSettings;
  readonly clock: Clock;
  readonly random: Random;
  /** Closes broker and stores. */
  readonly close: () => Promise<void>;
}

/** How often processes tell one another of their load, in milliseconds; where each word is a call that costs, less often. */
const loadRoundMs = { redis: 250, aws: 500 };

/** Opens the profile's broker and stores and prepares them. Rejects when one of them does not answer. */
export async function openRuntime(service: string, config: Config, router: Router): Promise<Runtime> {
  const log = createLog(service, config.MILLRACE_LOG_LEVEL);
  const events = new EventBus(processId(service, systemClock), systemClock);
  const base = { config, router, log, events, metrics: new Metrics(service), settings: defaultSettings, clock: systemClock, random: systemRandom };
  recordTasks(events, base);
  const adapters = await openAdapters(profileOf(config), base);
  await Promise.all([adapters.broker.prepare(router.queues), adapters.runs.prepare(), adapters.blobs.prepare(), adapters.documents.prepare()]);
  const artifacts = new ArtifactStore(adapters.blobs);
  const load = new LoadLedger(events.source, { ...base, ...adapters }, loadRoundMs[config.MILLRACE_PROFILE]);
  const runs = new CountingRunStore(new TellingRunStore(adapters.runs, events), new CanvasStore(artifacts), load);
  return { ...base, ...adapters, load, runs, artifacts, hints: new HintSender(adapters.broker, router, base), followUp: new FollowUp(runs, base) };
}

/** Rejects when the broker or a store does not answer. */
export async function pingRuntime({ broker, runs, blobs }: Runtime): Promise<void> {
  await Promise.all([broker.ping(), runs.ping(), blobs.ping()]);
}

export async function closeRuntime({ close, hints, load }: Runtime): Promise<void> {
  load.stop();
  await hints.flush();
  await close();
}

/** What the configuration says of broker and stores. */
export function profileOf(config: Config): Profile {
  const prefix = config.MILLRACE_PREFIX;
  if (config.MILLRACE_PROFILE === 'redis') return { profile: 'redis', url: config.REDIS_URL ?? '', dataDir: config.MILLRACE_DATA_DIR, prefix };
  const endpoints = { sqs: config.MILLRACE_SQS_ENDPOINT, dynamodb: config.MILLRACE_DYNAMODB_ENDPOINT, s3: config.MILLRACE_S3_ENDPOINT };
  return { profile: 'aws', region: config.AWS_REGION, bucket: config.MILLRACE_S3_BUCKET, table: config.MILLRACE_DYNAMODB_TABLE, prefix, endpoints };
}
