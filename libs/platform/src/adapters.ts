import type { BlobStore } from '@millrace/blob-store';
import type { Broker } from '@millrace/broker';
import type { Clock, Random } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Metrics } from '@millrace/telemetry';
import type { Config } from './config.js';

export interface Adapters {
  readonly broker: Broker;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
}

interface AdapterDeps {
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Random;
}

/** The profile's adapters. Each profile's clients are loaded only when it is the one in use. */
export const openAdapters = (config: Config, deps: AdapterDeps): Promise<Adapters> =>
  config.MILLRACE_PROFILE === 'redis' ? openRedis(config, deps) : openAws(config, deps);

async function openRedis(config: Config, { random }: AdapterDeps): Promise<Adapters> {
  const [{ BullmqBroker }, { RedisRunStore }, { FilesystemBlobStore }] = await Promise.all([
    import('@millrace/broker-bullmq'),
    import('@millrace/run-store-redis'),
    import('@millrace/blob-store-filesystem'),
  ]);
  const url = config.REDIS_URL ?? '';
  const prefix = config.MILLRACE_PREFIX;
  return {
    broker: new BullmqBroker({ url, prefix }),
    runs: new RedisRunStore({ url, prefix }),
    blobs: new FilesystemBlobStore({ root: config.MILLRACE_DATA_DIR, random }),
  };
}

async function openAws(config: Config, { metrics, clock }: AdapterDeps): Promise<Adapters> {
  const [{ SqsBroker }, { DynamodbRunStore }, { S3BlobStore }] = await Promise.all([
    import('@millrace/broker-sqs'),
    import('@millrace/run-store-dynamodb'),
    import('@millrace/blob-store-s3'),
  ]);
  const region = config.AWS_REGION;
  const onCall = (kind: string) => metrics.awsCalls.inc({ kind });
  const at = (endpoint: string | undefined) => (endpoint === undefined ? {} : { endpoint });
  return {
    broker: new SqsBroker({ region, ...at(config.MILLRACE_SQS_ENDPOINT), prefix: `${config.MILLRACE_PREFIX}-`, clock, onCall }),
    runs: new DynamodbRunStore({ region, ...at(config.MILLRACE_DYNAMODB_ENDPOINT), table: config.MILLRACE_DYNAMODB_TABLE, onCall }),
    blobs: new S3BlobStore({ region, ...at(config.MILLRACE_S3_ENDPOINT), bucket: config.MILLRACE_S3_BUCKET, onCall }),
  };
}
