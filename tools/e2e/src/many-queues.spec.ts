import '@millrace/testkit';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Profile } from '@millrace/app';
import { defineTask } from '@millrace/tasks';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';

const queueCount = 70;
const taskCount = 200;
const prefix = `many-${process.pid}`;
const profiles: Record<string, () => Promise<Profile>> = {
  redis: async () => ({ profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-many-')), prefix }),
  aws: async () => ({
    profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix,
    endpoints: { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') },
  }),
};

const numbers = Array.from({ length: taskCount }, (_, i) => i);
const queues = Array.from({ length: queueCount }, (_, i) => ({ name: `q${i}`, leaseMs: 10_000, maxDeliveries: 5 }));
/** Task 137 is `area67.task137`, and area67 has a queue to itself. */
const areaOf = (i: number): number => i % queueCount;
const routes = queues.map(({ name }, area) => ({ task: `area${area}.*`, queue: name }));
const tasks = numbers.map((i) => defineTask({ name: `area${areaOf(i)}.task${i}`, args: z.tuple([z.number()]), handler: async (ctx, n) => [ctx.task, n] }));

describe.each(Object.keys(profiles))('one worker on the %s profile', (kind) => {
  it('serves 70 queues and 200 tasks', async () => {
    const app = await App.open({ profile: await profiles[kind]!(), tasks, queues, routes });
    await app.work({ concurrency: 20 });
    const runs = await Promise.all(tasks.map((task, i) => app.client.send(task, [i])));
    const results = await Promise.all(runs.map((run) => run.result({ timeoutMs: 60_000 })));
    expect(results).toEqual(numbers.map((i) => [`area${areaOf(i)}.task${i}`, i]));
    await app.close();
  }, 90_000);
});
