import type { BlobStore, ObjectSource } from '@millrace/blob-store';
import type { Broker, BrokerUpkeep } from '@millrace/broker';
import type { DocumentStore } from '@millrace/document-store';
import { type Clock, messageOf, type Random } from '@millrace/kernel';
import type { RunStore } from '@millrace/run-store';
import type { Log, Metrics } from '@millrace/telemetry';
import { openBlobs } from './open-blobs.js';

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
  /** The table of the run records; that of the documents has `-documents` after it. */
  readonly table: string;
  /** Begins the names of queues. Default `millrace`. */
  readonly prefix?: string;
  /** Where the services are, if not in AWS. */
  readonly endpoints?: { readonly sqs?: string | undefined; readonly dynamodb?: string | undefined; readonly s3?: string | undefined };
}

export type Profile = RedisProfile | AwsProfile;

export interface Adapters {
  readonly broker: Broker & BrokerUpkeep;
  readonly runs: RunStore;
  readonly blobs: BlobStore;
  readonly documents: DocumentStore;
  /** Objects that may be ingested by reference; a profile without S3 has none. */
  readonly objects?: ObjectSource;
  /** Closes them all. */
  close(): Promise<void>;
}

interface AdapterDeps {
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

const defaultPrefix = 'millrace';

/** The profile's adapters. Each profile's clients are loaded only when it is the one in use. */
export const openAdapters = (profile: Profile, deps: AdapterDeps): Promise<Adapters> =>
  profile.profile === 'redis' ? openRedis(profile, deps) : openAws(profile, deps);

async function openRedis(profile: RedisProfile, { clock, random, log }: AdapterDeps): Promise<Adapters> {
  const { url, prefix = defaultPrefix } = profile;
  const [{ connect, disconnect }, { BullmqBroker }, { RedisRunStore }, { RedisDocumentStore }] = await Promise.all([
    import('@millrace/redis'),
    import('@millrace/broker-bullmq'),
    import('@millrace/run-store-redis'),
    import('@millrace/document-store-redis'),
  ]);
  const redis = connect(url);
  const adapters = {
    broker: new BullmqBroker({ redis, prefix, onError: brokerTrouble(log) }),
    runs: new RedisRunStore({ redis, prefix }),
    blobs: await openBlobs(profile, { random }),
    documents: new RedisDocumentStore({ redis, prefix, clock }),
  };
  return { ...adapters, close: () => closeAll(adapters).finally(() => disconnect(redis)) };
}

async function openAws(profile: AwsProfile, { metrics, clock, random, log }: AdapterDeps): Promise<Adapters> {
  const { region, table, prefix = defaultPrefix, endpoints = {} } = profile;
  const [{ SqsBroker }, { DynamodbRunStore }, { S3ObjectSource }, { DynamodbDocumentStore }] = await Promise.all([
    import('@millrace/broker-sqs'),
    import('@millrace/run-store-dynamodb'),
    import('@millrace/blob-store-s3'),
    import('@millrace/document-store-dynamodb'),
  ]);
  const at = (endpoint: string | undefined) => ({ region, ...(endpoint === undefined ? {} : { endpoint }) });
  const count = (service: string) => (operation: string) => metrics.awsCalls.inc({ kind: `${service}.${operation}` });
  const adapters = {
    broker: new SqsBroker({ ...at(endpoints.sqs), prefix: `${prefix}-`, onCall: count('sqs'), onError: brokerTrouble(log) }),
    runs: new DynamodbRunStore({ client: at(endpoints.dynamodb), table, onCall: count('dynamodb') }),
    blobs: await openBlobs(profile, { random, onCall: count('s3') }),
    objects: new S3ObjectSource(at(endpoints.s3), count('s3')),
    documents: new DynamodbDocumentStore({ client: at(endpoints.dynamodb), table: `${table}-documents`, clock, onCall: count('dynamodb') }),
  };
  return { ...adapters, close: () => closeAll(adapters) };
}

async function closeAll({ broker, runs, blobs, documents, objects }: Omit<Adapters, 'close'>): Promise<void> {
  await Promise.all([broker.close(), runs.close(), blobs.close(), documents.close(), objects?.close()]);
}

/** The broker goes on by itself after a lost connection; the log tells of it. */
const brokerTrouble = (log: Log) => (err: unknown) => log.warn({ reason: messageOf(err) }, 'trouble with the broker');
