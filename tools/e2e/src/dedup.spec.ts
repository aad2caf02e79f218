import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Profile } from '@millrace/app';
import '@millrace/testkit';
import { defineTask } from '@millrace/tasks';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';

const calls: string[] = [];
const pay = defineTask({
  name: 'dedup.pay',
  args: z.tuple([z.string()]),
  handler: async (_ctx, order) => {
    calls.push(order);
    return `paid ${order}`;
  },
});

const prefix = `dedup-${process.pid}`;
const profiles: Record<string, () => Promise<Profile>> = {
  redis: async () => ({ profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-dedup-')), prefix }),
  aws: async () => ({
    profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix,
    endpoints: { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') },
  }),
};

describe.each(Object.keys(profiles))('work with a key on the %s profile', (kind) => {
  let apps: readonly App[];
  beforeAll(async () => {
    calls.length = 0;
    const profile = await profiles[kind]!();
    apps = await Promise.all([1, 2].map(() => App.open({ profile, tasks: [pay] })));
    await apps[0]?.work({ concurrency: 5 });
  });
  afterAll(() => Promise.all(apps.map((app) => app.close())));

  it('is begun once, whoever asks for it and however often', async () => {
    const orders = ['17', '18'];
    const asked = orders.flatMap((order) => Array.from({ length: 10 }, (_, i) => ({ order, app: apps[i % 2]! })));
    const handles = await Promise.all(asked.map(({ order, app }) => app.client.send(pay, [order], { dedup: { key: `order ${order}`, windowMs: 60_000 } })));
    expect(new Set(handles.map(({ id }) => id)).size).toBe(2);
    expect(await Promise.all(handles.map((handle) => handle.result()))).toEqual(asked.map(({ order }) => `paid ${order}`));
    expect(calls.sort()).toEqual(orders);
  });
});
