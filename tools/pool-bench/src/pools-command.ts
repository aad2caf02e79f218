import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Profile } from '@millrace/app';
import { type LocalAws, startLocalAws } from '@millrace/local-aws';
import { runCommand, tableLines, Terminal } from '@millrace/local-stack';
import { startRedis } from '@millrace/testkit';
import { drain } from './drain.js';
import { killUnderLoad } from './kills.js';

const right = (title: string) => ({ title, align: 'right' }) as const;
const messages = 20_000;
const local = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

await runCommand(async () => {
  const terminal = new Terminal();
  const folder = await mkdtemp(join(tmpdir(), 'millrace-pools-'));
  const [redis, aws] = await Promise.all([startRedis(), startLocalAws()]);
  Object.assign(process.env, local); // the AWS SDK signs whatever the emulators are sent
  let prefixes = 0;
  const profiles = {
    redis: (): Profile => ({ profile: 'redis', url: redis.url, dataDir: folder, prefix: `pools-${(prefixes += 1)}` }),
    aws: (): Profile => awsProfile(`pools-${(prefixes += 1)}`, aws),
  };
  try {
    for (const line of await killLines(profiles)) terminal.line(line);
    terminal.line('');
    for (const line of await drainLines(profiles.redis)) terminal.line(line);
  } finally {
    await Promise.all([redis.stop(), aws.close(), rm(folder, { recursive: true })]);
  }
  return 0;
});

function awsProfile(prefix: string, { sqsEndpoint: sqs, dynamodbEndpoint: dynamodb, s3Endpoint: s3 }: LocalAws): Profile {
  return { profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix, endpoints: { sqs, dynamodb, s3 } };
}

async function killLines(profiles: Readonly<Record<string, () => Profile>>): Promise<string[]> {
  const rows: string[][] = [];
  for (const [name, profile] of Object.entries(profiles)) {
    for (const victim of ['child', 'worker'] as const) {
      process.stderr.write(`kill -9 of a ${victim}, ${name}\n`);
      const { againMs, lost, repeated } = await killUnderLoad(victim, profile());
      rows.push([victim, name, String(againMs), String(repeated), String(lost)]);
    }
  }
  const columns = [{ title: 'kill -9 of a' }, { title: 'profile' }, ...['begun again after ms', 'tasks begun twice', 'tasks lost'].map(right)];
  return ['two workers with two children each, 60 tasks of 100 ms', ...tableLines(columns, rows)];
}

async function drainLines(profile: () => Profile): Promise<string[]> {
  const rows: string[][] = [];
  for (const kind of ['async', 'thread', 'prefork'] as const) {
    process.stderr.write(`${messages} messages, ${kind}\n`);
    const { startMs, seconds, memoryMb } = await drain(kind, messages, profile());
    rows.push([kind, String(startMs), (messages / seconds).toFixed(0), ...memoryMb.map((mb) => mb.toFixed(0))]);
  }
  const columns = [{ title: 'pool' }, ...['start ms', 'tasks/s', 'MB at ¼', 'at ½', 'at ¾', 'at the end'].map(right)];
  return [`${messages} tasks that do nothing, waiting in the queue; one worker, 50 at once or two children; ${availableParallelism()} cores`, ...tableLines(columns, rows)];
}
