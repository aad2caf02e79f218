import { startLocalAws } from '@millrace/local-aws';
import type { TestProject } from 'vitest/node';
import { startSharedRedis } from '../servers/start-redis.js';
import './provided-context.js';

const stops: Array<() => Promise<void>> = [];

export async function setup(project: TestProject): Promise<void> {
  const redis = await startSharedRedis({ env: process.env });
  stops.push(() => redis.stop());
  console.log(`redis for tests: ${redis.url} (${redis.origin})`);
  project.provide('redisUrl', redis.url);

  const aws = await startLocalAws();
  stops.push(() => aws.close());
  project.provide('sqsEndpoint', aws.sqsEndpoint);
  project.provide('s3Endpoint', aws.s3Endpoint);
  project.provide('dynamodbEndpoint', aws.dynamodbEndpoint);
}

export async function teardown(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}
