import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import dynalite from 'dynalite';
import { startSqsAndS3 } from './sqs-and-s3.js';

export interface LocalAwsOptions {
  /** Where queues, objects and tables outlive the process; without it they are kept in memory. */
  readonly dataDir?: string;
  /** TCP ports on 127.0.0.1; 0, the default, takes a free one. */
  readonly sqsAndS3Port?: number;
  readonly dynamodbPort?: number;
}

/** Addresses for the AWS SDK's `endpoint`. Any region and any credentials will do; S3 needs `forcePathStyle`. */
export interface LocalAws {
  readonly sqsEndpoint: string;
  readonly s3Endpoint: string;
  readonly dynamodbEndpoint: string;
  /** Ends open requests and closes the files. */
  close(): Promise<void>;
}

/** Starts SQS, S3 and DynamoDB emulators in this process, on 127.0.0.1 only. */
export async function startLocalAws(options: LocalAwsOptions = {}): Promise<LocalAws> {
  if (options.dataDir) await mkdir(options.dataDir, { recursive: true });
  const [aws, dynamodb] = await Promise.all([
    startSqsAndS3({ port: options.sqsAndS3Port ?? 0, ...(options.dataDir && { dataDir: join(options.dataDir, 'sqs-s3') }) }),
    startDynamodb(options),
  ]);
  return {
    sqsEndpoint: aws.endpoint,
    s3Endpoint: aws.endpoint,
    dynamodbEndpoint: endpointOf(dynamodb),
    close: async () => {
      await Promise.all([aws.close(), closeServer(dynamodb)]);
    },
  };
}

async function startDynamodb({ dataDir, dynamodbPort = 0 }: LocalAwsOptions): Promise<Server> {
  const server = dynalite({
    ...(dataDir && { path: join(dataDir, 'dynamodb') }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  server.listen(dynamodbPort, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function endpointOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the emulator does not listen on a TCP port');
  return `http://127.0.0.1:${address.port}`;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
