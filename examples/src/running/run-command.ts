import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Profile } from '@millrace/app';
import { startLocalAws } from '@millrace/local-aws';
import { allExamples, exampleNamed } from './all-examples.js';
import { text } from './text.js';

/** Where an example runs: Redis if REDIS_URL names one, else emulators of AWS in this process. */
async function openProfile(): Promise<{ profile: Profile; close(): Promise<void> }> {
  const url = process.env['REDIS_URL'];
  if (url) {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-example-'));
    return { profile: { profile: 'redis', url, dataDir, prefix: 'millrace-examples' }, close: () => rm(dataDir, { recursive: true }) };
  }
  process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
  const aws = await startLocalAws();
  const endpoints = { sqs: aws.sqsEndpoint, dynamodb: aws.dynamodbEndpoint, s3: aws.s3Endpoint };
  return { profile: { profile: 'aws', region: 'us-east-1', bucket: 'examples', table: 'examples', endpoints }, close: () => aws.close() };
}

async function main([name]: readonly string[]): Promise<void> {
  const found = name === undefined ? undefined : await exampleNamed(name);
  if (!found) {
    process.stdout.write(`Name an example:\n${(await allExamples()).map((example) => `  npm run example ${example}\n`).join('')}`);
    process.exitCode = name === undefined ? 0 : 1;
    return;
  }
  const { profile, close } = await openProfile();
  const app = await App.open({ ...found.options, profile });
  await app.work();
  await found.play(app, (value) => process.stdout.write(`${text(value)}\n`));
  await app.close();
  await close();
}

await main(process.argv.slice(2));
