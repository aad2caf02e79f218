import { Readable } from 'node:stream';
import { signature } from '@millrace/canvas';
import { ManualClock } from '@millrace/kernel';
import { silentLog } from '@millrace/telemetry';
import { MemoryBlobStore, MemoryRunStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { Journal, type Opening } from './journal.js';
import { Rebuilder } from './rebuilder.js';

let clock: ManualClock;
let blobs: MemoryBlobStore;
let runs: MemoryRunStore;
let journal: Journal;
let rebuilder: Rebuilder;

beforeEach(() => {
  clock = new ManualClock();
  blobs = new MemoryBlobStore();
  runs = new MemoryRunStore();
  journal = new Journal(blobs);
  rebuilder = new Rebuilder(runs, journal, { clock, log: silentLog });
});

async function enter(id: string): Promise<Opening> {
  const now = clock.now();
  const opening = { id, tenant: 'default', canvas: signature('a.b'), callback: { url: 'https://example.com/hook' }, createdAt: now, finaliseAt: now + 9_000, deadlineAt: now + 10_000 };
  await journal.write(opening, { bytes: Readable.from([Buffer.from(`data of ${id}`)]), contentType: 'text/csv', maxBytes: 1_000 });
  return opening;
}

/** Begins a run as the API does; with `finish`, it is over, too. */
async function begin(id: string, { finish = false } = {}): Promise<void> {
  await enter(id);
  await runs.create(await journal.read(id), clock.now());
  if (finish) await runs.finish(id, { frozenAt: clock.now() });
}

const failing = <K extends 'read' | 'create'>(method: K, times: number): Pick<MemoryRunStore, 'read' | 'create'> => {
  let left = times;
  const calls = { read: (id: string) => runs.read(id), create: runs.create.bind(runs) };
  return { ...calls, [method]: (...args: never[]) => (left-- > 0 ? Promise.reject(new Error('no answer')) : Reflect.apply(calls[method], runs, args)) };
};

describe('Rebuilder', () => {
  it('makes the record of a run again that is in the journal only', async () => {
    const { createdAt, tenant, canvas, callback } = await enter('ing_1');
    expect(await rebuilder.rebuild()).toEqual({ rebuilt: 1, failed: 0 });
    const { raw } = await journal.read('ing_1');
    expect(await runs.read('ing_1')).toMatchObject({ status: 'received', tenant, canvas, callback, createdAt, raw });
    expect(await runs.due(clock.now(), 10)).toEqual(['ing_1']);
  });

  it('gives it the whole of its budget once more', async () => {
    const { createdAt } = await enter('ing_1');
    await clock.advance(60_000);
    await rebuilder.rebuild();
    expect(await runs.read('ing_1')).toMatchObject({ createdAt, finaliseAt: clock.now() + 9_000, deadlineAt: clock.now() + 10_000 });
  });

  it('leaves records alone that are there', async () => {
    await begin('ing_1');
    await runs.claim('ing_1', { step: '0', sweepAt: clock.now() });
    const there = await runs.read('ing_1');
    expect(await rebuilder.rebuild()).toEqual({ rebuilt: 0, failed: 0 });
    expect(await runs.read('ing_1')).toEqual(there);
  });

  it('does not make a run again that was over, once its record has expired', async () => {
    await begin('ing_1', { finish: true });
    await clock.advance(10_000 + 60_001);
    await rebuilder.rebuild();
    runs = new MemoryRunStore();
    expect(await new Rebuilder(runs, journal, { clock, log: silentLog }).rebuild()).toEqual({ rebuilt: 0, failed: 0 });
    expect(await runs.read('ing_1')).toBeUndefined();
  });

  it('does not take a run for done whose end the store may still lose', async () => {
    await begin('ing_1', { finish: true });
    await rebuilder.rebuild();
    runs = new MemoryRunStore();
    expect(await new Rebuilder(runs, journal, { clock, log: silentLog }).rebuild()).toEqual({ rebuilt: 1, failed: 0 });
  });

  it('looks at every run, however many there are', async () => {
    for (let i = 0; i < 40; i++) await enter(`ing_${i}`);
    await runs.create(await journal.read('ing_7'), clock.now());
    expect(await rebuilder.rebuild()).toEqual({ rebuilt: 39, failed: 0 });
    expect(await runs.due(clock.now(), 100)).toHaveLength(40);
  });

  it('counts the entries that it cannot make sense of, and makes the others again', async () => {
    await enter('ing_1');
    await blobs.put('raw/00/ing_2', Buffer.from('no entry'));
    expect(await rebuilder.rebuild()).toEqual({ rebuilt: 1, failed: 1 });
  });

  it.each(['read', 'create'] as const)('asked, goes on until all is there, also when the store does not answer to %s', async (method) => {
    await enter('ing_1');
    const asked = new Rebuilder(failing(method, 2), journal, { clock, log: silentLog }).ask();
    for (let second = 0; second < 3; second++) await clock.advance(1_000);
    await asked;
    expect(await runs.read('ing_1')).toBeDefined();
  });

  it('asked while a pass is under way, makes one more, which those who ask then share', async () => {
    let listings = 0;
    const list = blobs.list.bind(blobs);
    blobs.list = (prefix) => {
      if (prefix === 'raw/') listings += 1;
      return list(prefix);
    };
    const first = rebuilder.ask();
    await Promise.resolve();
    await Promise.all([first, rebuilder.ask(), rebuilder.ask()]);
    expect(listings).toBe(2);
  });

  it('gives up when it is stopped', async () => {
    await enter('ing_1');
    const stopped = new Rebuilder(failing('read', Infinity), journal, { clock, log: silentLog });
    const asked = stopped.ask();
    await clock.advance(500);
    stopped.stop();
    await asked;
    expect(await runs.read('ing_1')).toBeUndefined();
  });
});
