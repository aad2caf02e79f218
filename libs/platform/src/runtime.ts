import { openAdapters, type Profile } from '@millrace/app';
import type { BlobStore } from '@millrace/blob-store';
import type { Broker } from '@millrace/broker';
import { ArtifactStore, CanvasStore, defaultSettings, type EngineSettings, FollowUp, HintSender, LargeCanvasRunStore } from '@millrace/engine';
import { type Clock, type Random, systemClock, systemRandom } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Router } from '@millrace/tasks';
import { createLog, Metrics, type ProcessLog } from '@millrace/telemetry';
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
  readonly followUp: FollowUp;
  readonly settings: EngineSettings;
  readonly clock: Clock;
  readonly random: Random;
}

/** Opens the profile's broker and stores and prepares them. Rejects when one of them does not answer. */
export async function openRuntime(service: string, config: Config, router: Router): Promise<Runtime> {
  const log = createLog(service, config.MILLRACE_LOG_LEVEL);
  const base = { config, router, log, metrics: new Metrics(service), settings: defaultSettings, clock: systemClock, random: systemRandom };
  const adapters = await openAdapters(profileOf(config), base);
  await Promise.all([adapters.broker.prepare(router.queues), adapters.runs.prepare(), adapters.blobs.prepare()]);
  const artifacts = new ArtifactStore(adapters.blobs);
  const runs = new LargeCanvasRunStore(adapters.runs, new CanvasStore(artifacts));
  return { ...base, ...adapters, runs, artifacts, hints: new HintSender(adapters.broker, router, base), followUp: new FollowUp(runs, base) };
}

/** Rejects when the broker or a store does not answer. */
export async function pingRuntime({ broker, runs, blobs }: Runtime): Promise<void> {
  await Promise.all([broker.ping(), runs.ping(), blobs.ping()]);
}

export async function closeRuntime({ broker, runs, blobs, hints }: Runtime): Promise<void> {
  await hints.flush();
  await Promise.all([broker.close(), runs.close(), blobs.close()]);
}

function profileOf(config: Config): Profile {
  const prefix = config.MILLRACE_PREFIX;
  if (config.MILLRACE_PROFILE === 'redis') return { profile: 'redis', url: config.REDIS_URL ?? '', dataDir: config.MILLRACE_DATA_DIR, prefix };
  const endpoints = { sqs: config.MILLRACE_SQS_ENDPOINT, dynamodb: config.MILLRACE_DYNAMODB_ENDPOINT, s3: config.MILLRACE_S3_ENDPOINT };
  return { profile: 'aws', region: config.AWS_REGION, bucket: config.MILLRACE_S3_BUCKET, table: config.MILLRACE_DYNAMODB_TABLE, prefix, endpoints };
}
