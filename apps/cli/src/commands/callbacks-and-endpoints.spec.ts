import { PassThrough } from 'node:stream';
import { signature } from '@millrace/canvas';
import { finalKey } from '@millrace/engine';
import { ManualClock, seededRandom } from '@millrace/kernel';
import { readConfig } from '@millrace/platform';
import { Metrics, silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryDocumentStore, MemoryRunStore } from '@millrace/testkit';
import { DeadCallbacks, type EndpointView, openEndpointStore } from '@millrace/webhooks';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../command-spec.js';
import { Output } from '../output/output.js';
import { createProgram } from '../program.js';

const keys = [Buffer.alloc(32, 1).toString('base64')];
const origin = 'https://hooks.example.com';
const now = Date.UTC(2026, 0, 1);

let session: { readonly clock: ManualClock; readonly documents: MemoryDocumentStore; readonly runs: MemoryRunStore; readonly blobs: MemoryBlobStore };
const stored = () => openEndpointStore(keys, { documents: session.documents, random: seededRandom(2) });

beforeEach(() => {
  const clock = new ManualClock(now);
  session = { clock, documents: new MemoryDocumentStore(clock), runs: new MemoryRunStore(), blobs: new MemoryBlobStore() };
});

/** What a command prints on stores in memory. */
async function print(json: boolean, words: readonly string[]): Promise<string> {
  const stdout = new PassThrough();
  const out = new Output({ stdout: stdout as never, stderr: new PassThrough() as never }, json);
  const all = { ...session, random: seededRandom(1), log: silentLog, metrics: new Metrics('test') };
  const context = { out, config: readConfig({ MILLRACE_KEYS: keys.join(',') }), session: async () => all } as unknown as Context;
  await createProgram((_, run) => run(context)).parseAsync(words, { from: 'user' });
  return String(stdout.read() ?? '');
}

const said = (...words: string[]): Promise<string> => print(false, words);
const found = async <T>(...words: string[]): Promise<T> => JSON.parse(await print(true, words)) as T;

describe('endpoints', () => {
  const acme = ['--tenant', 'acme'];

  it('have what was set, and what was not named stays', async () => {
    await said('endpoints', 'set', origin, ...acme, '--max-in-flight', '3', '--header', 'Authorization: Bearer hush', '--header', 'x-team: a:b');
    await said('endpoints', 'set', origin, ...acme, '--timeout', '5s', '--allow-http', '--header', 'x-more: c');
    expect(await stored().get('acme', origin)).toEqual({ maxInFlight: 3, timeoutMs: 5_000, allowHttp: true, headers: { authorization: 'Bearer hush', 'x-team': 'a:b', 'x-more': 'c' } });
    await said('endpoints', 'set', origin, ...acme, '--no-allow-http');
    expect(await stored().get('acme', origin)).toMatchObject({ allowHttp: false });
  });

  it('keep their secrets, and stay disabled, when they are reset', async () => {
    await said('endpoints', 'set', origin, '--max-in-flight', '3', '--header', 'x-a: b');
    await said('endpoints', 'rotate', origin);
    await said('endpoints', 'disable', origin);
    await said('endpoints', 'set', origin, '--reset', '--timeout', '2s');
    expect(await stored().get('default', origin)).toEqual({ timeoutMs: 2_000, secrets: [{ secret: expect.stringMatching(/^whsec_/) }], disabled: { reason: 'by-hand', at: now } });
  });

  it('tell a secret once', async () => {
    const told = await said('endpoints', 'rotate', origin, ...acme, '--grace', '7d');
    const secret = (await stored().get('acme', origin))?.secrets?.[0]?.secret ?? '';
    expect(told).toContain(`\n  ${secret}\n`);
    await said('endpoints', 'rotate', origin, ...acme, '--grace', '7d', '--kind', 'key-pair');
    const shown = [await said('endpoints', 'show', origin, ...acme), await print(true, ['endpoints', 'list', ...acme]), await said('endpoints', 'list', ...acme)].join('\n');
    expect(shown).not.toContain(secret.slice(6));
    expect(shown).toMatch(/secrets {4}whpk_\S+, shared until 2026-01-08 00:00:00/);
  });

  it('are disabled and enabled', async () => {
    expect(await said('endpoints', 'disable', origin, ...acme)).toContain('disabled   by-hand, since 2026-01-01 00:00:00');
    expect(await said('endpoints', 'list', ...acme)).toMatch(/^ENDPOINT .*\nhttps:\/\/hooks\.example\.com +- +- +- +- +- +disabled \(by-hand\)\n$/);
    expect(await found<EndpointView>('endpoints', 'enable', origin, ...acme)).toEqual({ origin, secrets: [], headers: [] });
    expect(await said('endpoints', 'list')).toBe('Tenant default says nothing of its endpoints; they are as the deployment has them.\n');
  });

  it('are shown as the deployment has them when nothing is said', async () => {
    expect(await said('endpoints', 'show', origin)).toBe(`${origin}\nsecrets    none of its own\nheaders    none of its own\nhttp       as usual\nat once    as usual\ntimeout    as usual\n`);
  });

  it.each([[['set', origin, '--header', 'nonsense']], [['rotate', origin, '--kind', 'other']]])('are not understood by %j', async (words) => {
    await expect(said('endpoints', ...words)).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_CLI_ARGUMENT' }));
  });
});

describe('callbacks', () => {
  /** A run whose callback nobody took. */
  async function exhaust(id: string): Promise<void> {
    const { runs, blobs, documents } = session;
    const raw = { key: 'raw/x', bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv' };
    await runs.create({ id, tenant: 'acme', canvas: signature('a.b'), raw, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000, callback: { url: `${origin}/x` } }, now);
    await blobs.put(finalKey(id), Buffer.from('{}'));
    await runs.freeze(id, { frozenAt: now }, now);
    await runs.beginDelivery(id, { now, bodySha256: '0'.repeat(64), leaseUntil: now + 1 });
    await runs.endDelivery(id, { attempt: 1, entry: { at: now, ms: 1, status: 500 }, status: 'exhausted' });
    await new DeadCallbacks(documents).add('acme', { run: id, status: 'exhausted', origin, at: now, attempts: 10, reason: 'answered with 500' });
  }

  it('that nobody took are listed by how they ended', async () => {
    await exhaust('ing_1');
    await new DeadCallbacks(session.documents).add('acme', { run: 'ing_2', status: 'endpoint-disabled', origin, at: now, attempts: 1, reason: 'answered with 410' });
    expect(await said('callbacks', 'list', '--tenant', 'acme')).toMatch(/^RUN .*\ning_1 +exhausted +2026-01-01 00:00:00 +10 +https:\/\/hooks\.example\.com +answered with 500\ning_2 +disabled .*\n$/);
    const ids = async (...words: string[]) => (await found<ReadonlyArray<{ readonly run: string }>>('callbacks', 'list', '--tenant', 'acme', ...words)).map(({ run }) => run);
    expect([await ids('--state', 'disabled'), await ids('--state', 'exhausted'), await ids('--limit', '1')]).toEqual([['ing_2'], ['ing_1'], ['ing_1']]);
    expect(await said('callbacks', 'list', '--state', 'disabled')).toBe('Tenant default has no disabled callbacks that nobody took.\n');
  });

  it('are replayed, and not listed any more', async () => {
    await exhaust('ing_1');
    expect(await found('callbacks', 'replay', 'ing_1')).toEqual({ run: 'ing_1', status: 'delivering' });
    expect(await session.runs.due(now + 2_000, 10)).toEqual(['ing_1']);
    expect(await found('callbacks', 'list', '--tenant', 'acme')).toEqual([]);
    await expect(said('callbacks', 'replay', 'ing_1')).rejects.toThrow('the callback of ing_1 is still to come or under way (delivering)');
  });

  it('are not replayed to an endpoint that is disabled, nor when they are not there', async () => {
    await exhaust('ing_1');
    await said('endpoints', 'disable', origin, '--tenant', 'acme');
    await expect(said('callbacks', 'replay', 'ing_1')).rejects.toThrow(`the endpoint ${origin} of its tenant is disabled; enable it first (endpoints enable)`);
    await expect(said('callbacks', 'replay', 'ing_9')).rejects.toThrow(expect.objectContaining({ code: 'MILLRACE_CLI_ARGUMENT', message: expect.stringContaining('there is no run ing_9') }));
  });
});
