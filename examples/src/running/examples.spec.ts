import '@millrace/testkit';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Profile } from '@millrace/app';
import { describe, expect, inject, it } from 'vitest';
import { allExamples, exampleNamed } from './all-examples.js';
import { text } from './text.js';

const names = await allExamples();

/** What the end of an example's file says that it prints. */
async function promised(name: string): Promise<readonly string[]> {
  const source = await readFile(new URL(`../${name}.ts`, import.meta.url), 'utf8');
  const [, after = ''] = source.split('// Prints:\n');
  return after.trimEnd().split('\n').map((line) => line.replace(/^\/\/ /, ''));
}

async function profileFor(kind: string, name: string): Promise<Profile> {
  const prefix = `ex-${name}-${process.pid}`.slice(0, 32);
  if (kind === 'redis') return { profile: 'redis', url: inject('redisUrl'), dataDir: await mkdtemp(join(tmpdir(), 'millrace-example-')), prefix };
  const endpoints = { sqs: inject('sqsEndpoint'), dynamodb: inject('dynamodbEndpoint'), s3: inject('s3Endpoint') };
  return { profile: 'aws', region: 'us-east-1', bucket: prefix, table: prefix, prefix, endpoints };
}

describe.each(['redis', 'aws'])('on the %s profile', (kind) => {
  it.each(names)('%s prints what it says', async (name) => {
    const example = await exampleNamed(name);
    if (!example) throw new Error(`no example ${name}`);
    const app = await App.open({ ...example.options, profile: await profileFor(kind, name) });
    await app.work();
    const printed: string[] = [];
    await example.play(app, (value) => printed.push(text(value)));
    await app.close();
    const lines = await promised(name);
    expect(printed.slice(0, lines.length)).toEqual(lines);
    expect(printed.slice(lines.length).every((more) => more.startsWith('flowchart'))).toBe(true);
  });
});

it('there are examples', () => {
  expect(names).toHaveLength(10);
});
