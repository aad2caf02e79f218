import type { BlobStore } from '@millrace/blob-store';
import type { Broker } from '@millrace/broker';
import { messageOf, type Random } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';
import type { Config } from './config.js';

export interface Adapters {
  readonly broker: Broker;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
}

interface AdapterDeps {
  readonly metrics: Metrics;
  readonly log: Log;
  readonly random: Random;
}

/** The profile's adapters. Each profile's clients are loaded only when it is the one in use. */
export const openAdapters = (config: Config, deps: AdapterDeps): Promise<Adapters> =>
  config.MILLRACE_PROFILE === 'redis' ? openRedis(config, deps) : openAws(config, deps);

async function openRedis(config: Config, { random, log }: AdapterDeps): Promise<Adapters> {
  const [{ BullmqBroker }, { RedisRunStore }, { FilesystemBlobStore }] = await Promise.all([
    import('@millrace/broker-bullmq'),
    import('@millrace/run-store-redis'),
    import('@millrace/blob-store-filesystem'),
  ]);
  const url = config.REDIS_URL ?? '';
  const prefix = config.MILLRACE_PREFIX;
  return {
    broker: new BullmqBroker({ url, prefix, onError: brokerTrouble(log) }),
    runs: new RedisRunStore({ url, prefix }),
    blobs: new FilesystemBlobStore({ root: config.MILLRACE_DATA_DIR, random }),
  };
}

async function openAws(config: Config, { metrics, random, log }: AdapterDeps): Promise<Adapters> {
  const [{ SqsBroker }, { DynamodbRunStore }, { S3BlobStore }] = await Promise.all([
    import('@millrace/broker-sqs'),
    import('@millrace/run-store-dynamodb'),
    import('@millrace/blob-store-s3'),
  ]);
  const at = (endpoint: string | undefined) => ({ region: config.AWS_REGION, ...(endpoint === undefined ? {} : { endpoint }) });
  const count = (service: string) => (operation: string) => metrics.awsCalls.inc({ kind: `${service}.${operation}` });
  return {
    broker: new SqsBroker({ ...at(config.MILLRACE_SQS_ENDPOINT), prefix: `${config.MILLRACE_PREFIX}-`, onCall: count('sqs'), onError: brokerTrouble(log) }),
    runs: new DynamodbRunStore({ client: at(config.MILLRACE_DYNAMODB_ENDPOINT), table: config.MILLRACE_DYNAMODB_TABLE, onCall: count('dynamodb') }),
    blobs: new S3BlobStore({ client: at(config.MILLRACE_S3_ENDPOINT), bucket: config.MILLRACE_S3_BUCKET, random, onCall: count('s3') }),
  };
}

/** The broker goes on by itself after a lost connection; the log tells of it. */
const brokerTrouble = (log: Log) => (err: unknown) => log.warn({ reason: messageOf(err) }, 'trouble with the broker');
