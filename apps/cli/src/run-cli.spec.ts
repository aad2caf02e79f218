import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { helpOf } from './command-spec.js';
import { createProgram } from './program.js';
import { runCli } from './run-cli.js';

const sample = fileURLToPath(new URL('../../../samples/orders.csv', import.meta.url));

/** The examples of every command that needs a deployment, and command lines beside them. */
const commandLines = [
  ...examplesIn(createProgram(async () => undefined)).filter((line) => !line.startsWith('ingest')),
  'redrive q 1', 'purge q --yes', 'runs show r --mermaid',
];

function examplesIn(parent: Command): readonly string[] {
  return parent.commands.flatMap((command) => [...examplesIn(command), ...(helpOf(command)?.examples ?? []).map(([line]) => line.split(' | ')[0] ?? '')]);
}

/** What a command line comes to, and what it writes. */
async function run(line: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runCli(wordsOf(line), { streams: { stdout: stdout as never, stderr: stderr as never }, interrupted: new AbortController().signal });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

/** As a shell takes a line apart. */
const wordsOf = (line: string): readonly string[] => [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');

describe.each([
  ['redis', { MILLRACE_PROFILE: 'redis', REDIS_URL: 'redis://:secret@127.0.0.1:1' }, 'redis://:***@127.0.0.1:1'],
  ['aws', { MILLRACE_PROFILE: 'aws', ...Object.fromEntries(['SQS', 'DYNAMODB', 'S3'].map((name) => [`MILLRACE_${name}_ENDPOINT`, 'http://127.0.0.1:1'])) }, 'http://127.0.0.1:1'],
])('with nothing up on the %s profile', (_, env, place) => {
  beforeEach(() => {
    for (const [name, value] of Object.entries({ ...env, MILLRACE_API_KEY_PEPPER: 'a pepper for this test' })) vi.stubEnv(name, value);
  });

  afterEach(() => vi.unstubAllEnvs());

  it.each(commandLines)('`millrace %s` says so in one line, and where it looked', async (line) => {
    const { code, stdout, stderr } = await run(line);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^millrace: cannot reach .* \(MILLRACE_CLI_UNREACHABLE\)\n$/);
    expect(stderr).toContain(place);
    expect(stderr).not.toContain('secret');
    expect(stderr).toContain('npm start');
  });
});

describe('ingest with no API up', () => {
  it('says so in one line, and where it looked', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { code, stdout, stderr } = await run(`ingest ${sample} --wait --api ${url}`);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(`millrace: cannot reach the ingestion API at ${url}: start it (npm start), or say where it is with --api or MILLRACE_PUBLIC_URL (MILLRACE_CLI_UNREACHABLE)\n`);
  });
});

/** A port where nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe('a command line that means nothing', () => {
  it.each([
    ['frobnicate', /unknown command 'frobnicate'/],
    ['workers --nope', /unknown option '--nope'/],
    ['runs show', /missing required argument 'run'/],
    ['runs list --limit many', /not a whole number/],
    ['schedules add s --every soon --task t', /not a duration/],
  ])('`millrace %s` says what was wrong', async (line, message) => {
    const { code, stderr } = await run(line);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it.each(['redrive q', 'redrive q 1 --all', 'schedules add s --every 5m', 'ingest nowhere.csv', 'ingest README'])('`millrace %s` needs no deployment to be refused', async (line) => {
    expect(await run(line)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^millrace: .*\(MILLRACE_CLI_ARGUMENT\)\n$/) });
  });
});

describe('help', () => {
  it('is on standard output, of the whole and of each command', async () => {
    for (const line of ['--help', 'runs --help', 'runs show --help']) expect(await run(line)).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: millrace'), stderr: '' });
    expect((await run('runs show --help')).stdout).toContain('Examples:\n  $ millrace runs show');
  });

  it('completes commands for a shell', async () => {
    const told: unknown[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((text) => void told.push(text));
    await run('complete -- queue a');
    log.mockRestore();
    expect(told.join('\n')).toContain('add\t');
  });
});
