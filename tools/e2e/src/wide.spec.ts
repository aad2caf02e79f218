import '@millrace/testkit';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Profile } from '@millrace/app';
import { chord, group } from '@millrace/canvas';
import { defineTask } from '@millrace/tasks';
import { describe, expect, inject, it } from 'vitest';
import { z } from 'zod';

const width = 10_000;
const prefix = `wide-${process.pid}`;
const profiles: Record<string, () => Promise<Profile>> = {
  redis: async () => ({ profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-wide-')), prefix }),
  aws: async () => ({
    profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix,
    endpoints: { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') },
  }),
};

describe.each(Object.keys(profiles))('a chord of 10,000 on the %s profile', (kind) => {
  it('runs every member, and its body once, with all their values', async () => {
    const begun = new Set<number>();
    const bodies: number[][] = [];
    const member = defineTask({ name: 'wide.member', args: z.tuple([z.number()]), handler: async (_ctx, n) => (begun.add(n), n) });
    const body = defineTask({ name: 'wide.body', args: z.tuple([z.array(z.number())]), handler: async (_ctx, values) => (bodies.push([...values]), values.length) });
    const app = await App.open({ profile: await profiles[kind]!(), tasks: [member, body] });
    await app.work({ concurrency: 100 });
    const run = await app.client.run(chord(group(Array.from({ length: width }, (_, i) => member.s(i))), body.s()));
    expect(await run.result({ timeoutMs: 100_000 })).toBe(width);
    const numbers = Array.from({ length: width }, (_, i) => i);
    expect(bodies).toEqual([numbers]);
    expect(begun).toEqual(new Set(numbers));
    const { status, steps } = await run.status();
    expect(status).toBe('finished');
    expect(steps.reduce((sum, { members }) => sum + (members?.settled ?? 0), 0)).toBe(width);
    await app.close();
  }, 120_000);
});
