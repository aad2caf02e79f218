import type { BlobStore } from '@millrace/blob-store';
import type { Broker } from '@millrace/broker';
import { messageOf, type Random } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';

/** Redis for messages and records, a folder for blobs. */
export interface RedisProfile {
  readonly profile: 'redis';
  readonly url: string;
  /** The folder of the blob store, shared by all processes. */
  readonly dataDir: string;
  /** Begins the names of keys, so that deployments can share a Redis. Default `millrace`. */
  readonly prefix?: string;
}

/** SQS, DynamoDB and S3; credentials are found as the AWS SDK finds them. */
export interface AwsProfile {
  readonly profile: 'aws';
  readonly region: string;
  readonly bucket: string;
  readonly table: string;
  /** Begins the names of queues. Default `millrace`. */
  readonly prefix?: string;
  /** Where the services are, if not in AWS. */
  readonly endpoints?: { readonly sqs?: string | undefined; readonly dynamodb?: string | undefined; readonly s3?: string | undefined };
}

export type Profile = RedisProfile | AwsProfile;

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

const defaultPrefix = 'millrace';

/** The profile's adapters. Each profile's clients are loaded only when it is the one in use. */
export const openAdapters = (profile: Profile, deps: AdapterDeps): Promise<Adapters> =>
  profile.profile === 'redis' ? openRedis(profile, deps) : openAws(profile, deps);

async function openRedis({ url, dataDir, prefix = defaultPrefix }: RedisProfile, { random, log }: AdapterDeps): Promise<Adapters> {
  const [{ BullmqBroker }, { RedisRunStore }, { FilesystemBlobStore }] = await Promise.all([
    import('@millrace/broker-bullmq'),
    import('@millrace/run-store-redis'),
    import('@millrace/blob-store-filesystem'),
  ]);
  return {
    broker: new BullmqBroker({ url, prefix, onError: brokerTrouble(log) }),
    runs: new RedisRunStore({ url, prefix }),
    blobs: new FilesystemBlobStore({ root: dataDir, random }),
  };
}

async function openAws({ region, bucket, table, prefix = defaultPrefix, endpoints = {} }: AwsProfile, { metrics, random, log }: AdapterDeps): Promise<Adapters> {
  const [{ SqsBroker }, { DynamodbRunStore }, { S3BlobStore }] = await Promise.all([
    import('@millrace/broker-sqs'),
    import('@millrace/run-store-dynamodb'),
    import('@millrace/blob-store-s3'),
  ]);
  const at = (endpoint: string | undefined) => ({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const count = (service: string) => (operation: string) => metrics.awsCalls.inc({ kind: `${service}.${operation}` });
  return {
    broker: new SqsBroker({ ...at(endpoints.sqs), prefix: `${prefix}-`, onCall: count('sqs'), onError: brokerTrouble(log) }),
    runs: new DynamodbRunStore({ client: at(endpoints.dynamodb), table, onCall: count('dynamodb') }),
    blobs: new S3BlobStore({ client: at(endpoints.s3), bucket, random, onCall: count('s3') }),
  };
}

/** The broker goes on by itself after a lost connection; the log tells of it. */
const brokerTrouble = (log: Log) => (err: unknown) => log.warn({ reason: messageOf(err) }, 'trouble with the broker');
