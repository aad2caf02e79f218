import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import { type LocalAws, startLocalAws } from './local-aws.js';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const account = { region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

async function start(dataDir?: string): Promise<LocalAws> {
  const aws = await startLocalAws(dataDir ? { dataDir } : {});
  closers.push(() => aws.close());
  return aws;
}

/** Stops the emulators and starts them again on the same data. */
async function restart(aws: LocalAws, dataDir: string): Promise<LocalAws> {
  closers.pop();
  await aws.close();
  return await start(dataDir);
}

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-local-aws-'));
  closers.push(() => rm(folder, { recursive: true }));
  return folder;
}

const sqsAt = (aws: LocalAws) => new SQSClient({ ...account, endpoint: aws.sqsEndpoint, maxAttempts: 1 });
const s3At = (aws: LocalAws) => new S3Client({ ...account, endpoint: aws.s3Endpoint, forcePathStyle: true, maxAttempts: 1 });
const dynamodbAt = (aws: LocalAws) => new DynamoDBClient({ ...account, endpoint: aws.dynamodbEndpoint, maxAttempts: 1 });

async function createQueue(sqs: SQSClient, seconds: number): Promise<{ QueueUrl: string }> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'work', Attributes: { VisibilityTimeout: String(seconds) } }));
  return { QueueUrl: QueueUrl! };
}

it('listens on 127.0.0.1 only', async () => {
  const aws = await start();
  for (const endpoint of [aws.sqsEndpoint, aws.s3Endpoint, aws.dynamodbEndpoint]) {
    await expect(fetch(endpoint.replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow('fetch failed');
  }
});

it('keeps queues, objects and tables in its folder', async () => {
  const dataDir = await dataFolder();
  const first = await start(dataDir);
  const queue = await createQueue(sqsAt(first), 30);
  await sqsAt(first).send(new SendMessageCommand({ ...queue, MessageBody: 'kept' }));
  await s3At(first).send(new CreateBucketCommand({ Bucket: 'raw' }));
  await s3At(first).send(new PutObjectCommand({ Bucket: 'raw', Key: 'a/b', Body: 'kept' }));
  const table = {
    TableName: 'runs',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
    BillingMode: 'PAY_PER_REQUEST' as const,
  };
  await dynamodbAt(first).send(new CreateTableCommand(table));
  await dynamodbAt(first).send(new PutItemCommand({ TableName: 'runs', Item: { id: { S: '1' }, status: { S: 'kept' } } }));

  const second = await restart(first, dataDir);
  const { Messages } = await sqsAt(second).send(new ReceiveMessageCommand(queue));
  expect(Messages?.[0]?.Body).toBe('kept');
  const object = await s3At(second).send(new GetObjectCommand({ Bucket: 'raw', Key: 'a/b' }));
  expect(await object.Body?.transformToString()).toBe('kept');
  const { Item } = await dynamodbAt(second).send(new GetItemCommand({ TableName: 'runs', Key: { id: { S: '1' } } }));
  expect(Item?.status).toEqual({ S: 'kept' });
});

it('delivers a released message again, with its receive count, in memory and after a restart', async () => {
  const dataDir = await dataFolder();
  const first = await start(dataDir);
  const queue = await createQueue(sqsAt(first), 30);
  const receive = { ...queue, MessageSystemAttributeNames: ['ApproximateReceiveCount' as const] };
  await sqsAt(first).send(new SendMessageCommand({ ...queue, MessageBody: 'released' }));
  const release = async (aws: LocalAws) => {
    const { Messages } = await sqsAt(aws).send(new ReceiveMessageCommand(receive));
    const { ReceiptHandle, Attributes } = Messages![0]!;
    await sqsAt(aws).send(new ChangeMessageVisibilityCommand({ ...queue, ReceiptHandle, VisibilityTimeout: 0 }));
    return Attributes?.ApproximateReceiveCount;
  };
  expect(await release(first)).toBe('1');
  expect(await release(first)).toBe('2');
  expect(await release(await restart(first, dataDir))).toBe('3');
});

it('gives nothing to a long poll whose client has gone', async () => {
  const aws = await start();
  const queue = await createQueue(sqsAt(aws), 30);
  const abort = new AbortController();
  const poll = sqsAt(aws).send(new ReceiveMessageCommand({ ...queue, WaitTimeSeconds: 20 }), { abortSignal: abort.signal });
  await sqsAt(aws).send(new GetQueueAttributesCommand({ ...queue, AttributeNames: ['All'] })); // the poll has arrived before this
  abort.abort();
  await expect(poll).rejects.toThrow('aborted');
  await sqsAt(aws).send(new SendMessageCommand({ ...queue, MessageBody: 'for somebody else' }));
  const { Messages } = await sqsAt(aws).send(new ReceiveMessageCommand(queue));
  expect(Messages?.[0]?.Body).toBe('for somebody else');
});

it('refuses to overwrite an object when told so, whole or in parts', async () => {
  const s3 = s3At(await start());
  const object = { Bucket: 'raw', Key: 'once' };
  const write = (Body: string) => s3.send(new PutObjectCommand({ ...object, Body, IfNoneMatch: '*' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'raw' }));
  const outcomes = await Promise.allSettled([write('1'), write('2'), write('3')]);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } },
  });

  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
  const { ETag } = await s3.send(new UploadPartCommand({ ...object, UploadId, PartNumber: 1, Body: 'in parts' }));
  const complete = new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] }, IfNoneMatch: '*' });
  await expect(s3.send(complete)).rejects.toThrow(expect.objectContaining({ name: 'PreconditionFailed' }));

  await s3.send(new PutObjectCommand({ ...object, Body: 'on purpose' }));
  const { Body } = await s3.send(new GetObjectCommand(object));
  expect(await Body?.transformToString()).toBe('on purpose');
});
