import type { Adapters, Profile } from '@millrace/app';
import { Client } from '@millrace/client';
import { Control } from '@millrace/control';
import { ArtifactStore, CanvasStore, defaultSettings, FollowUp, HintSender, LargeCanvasRunStore, StepResults } from '@millrace/engine';
import { type Clock, messageOf, type Random, sleep, systemClock, systemRandom } from '@millrace/kernel';
import type { Config } from '@millrace/platform';
import { Router } from '@millrace/tasks';
import { type Log, Metrics, silentLog } from '@millrace/telemetry';
import { cliErrors } from './errors.js';

/** A connection to the stores and the broker of a deployment. */
export interface Session extends Adapters {
  readonly control: Control;
  /** Finds and cancels runs; it begins none. */
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Long enough for a store that is far away. */
const answerWithinMs = 5_000;

/** Rejects with MILLRACE_CLI_UNREACHABLE when broker or stores do not answer. */
export async function openSession(config: Config, profileOf: (config: Config) => Profile): Promise<Session> {
  const { openAdapters } = await import('@millrace/app');
  const base = { clock: systemClock, random: systemRandom, log: silentLog, metrics: new Metrics('cli'), settings: defaultSettings };
  const adapters = await openAdapters(profileOf(config), base);
  await answered(adapters, config);
  const artifacts = new ArtifactStore(adapters.blobs);
  const runs = new LargeCanvasRunStore(adapters.runs, new CanvasStore(artifacts));
  const hints = new HintSender(adapters.broker, new Router([], []), base);
  return {
    ...adapters,
    ...base,
    runs,
    control: new Control({ ...base, documents: adapters.documents }),
    client: new Client({ ...base, runs, documents: adapters.documents, hints, results: new StepResults(artifacts), followUp: new FollowUp(runs, base) }),
  };
}

async function answered({ broker, runs, documents }: Adapters, config: Config): Promise<void> {
  const asked = Promise.all([broker.ping(), runs.ping(), documents.ping()]).then(() => undefined, messageOf);
  const reason = await Promise.race([asked, sleep(systemClock, answerWithinMs).then(() => `no answer within ${answerWithinMs / 1_000} s`)]);
  if (reason === undefined) return;
  const advice = config.MILLRACE_PROFILE === 'redis' ? 'start Redis and the services (npm start), or set REDIS_URL' : 'start it (npm start), or set MILLRACE_PROFILE=redis and REDIS_URL, or the AWS settings of docs/config.md';
  throw cliErrors.error('MILLRACE_CLI_UNREACHABLE', `cannot reach Millrace at ${placesOf(config)} (${reason.split('\n')[0]}): ${advice}`);
}

/** Where the configuration says that broker and stores are. */
export function placesOf(config: Config): string {
  if (config.MILLRACE_PROFILE === 'redis') return withoutPassword(config.REDIS_URL ?? '');
  const { MILLRACE_SQS_ENDPOINT: sqs, MILLRACE_DYNAMODB_ENDPOINT: dynamodb, MILLRACE_S3_ENDPOINT: s3, AWS_REGION: region } = config;
  const endpoints = [...new Set([sqs, dynamodb, s3])].filter((endpoint) => endpoint !== undefined);
  return endpoints.length > 0 ? endpoints.join(', ') : `AWS in ${region}`;
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password) parsed.password = '***';
  return parsed.href;
}
