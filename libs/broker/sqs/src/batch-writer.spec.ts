import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BatchWriter, type BatchOptions, type EntryFailure } from './batch-writer.js';

/** Records batches; each answers when told to, or at once with `failures`. */
class Service {
  readonly batches: string[][] = [];
  readonly answers: Array<() => void> = [];
  failures: (batch: readonly string[]) => ReadonlyMap<number, EntryFailure> = () => new Map();
  waits = false;

  readonly send = async (batch: readonly string[]): Promise<ReadonlyMap<number, EntryFailure>> => {
    this.batches.push([...batch]);
    if (this.waits) await new Promise<void>((resolve) => this.answers.push(resolve));
    return this.failures(batch);
  };
}

let service: Service;
beforeEach(() => {
  vi.useFakeTimers();
  service = new Service();
});
afterEach(() => {
  vi.useRealTimers();
});

const writerOf = (more: Partial<BatchOptions<string>> = {}) =>
  new BatchWriter<string>({ send: service.send, bytesOf: (entry) => entry.length, windowMs: 10, eager: false, ...more });
const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));

describe('a writer that waits', () => {
  it('sends what was written within its window as one batch', async () => {
    const writer = writerOf();
    const first = writer.write('a');
    await vi.advanceTimersByTimeAsync(9);
    const second = writer.write('b');
    expect(service.batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all([first, second]);
    expect(service.batches).toEqual([['a', 'b']]);
  });

  it('sends ten entries without waiting, and starts a new window for the rest', async () => {
    const writer = writerOf();
    const writes = numbers(11).map((entry) => writer.write(entry));
    expect(service.batches).toEqual([numbers(10)]);
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(writes);
    expect(service.batches).toEqual([numbers(10), ['10']]);
  });

  it('keeps a batch within 1 MiB', async () => {
    const writer = writerOf();
    const [large, small] = ['x'.repeat(1_000_000), 'y'.repeat(48_576)];
    const writes = [large, small, 'z'].map((entry) => writer.write(entry));
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(writes);
    expect(service.batches.map((batch) => batch.map((entry) => entry.length))).toEqual([[1_000_000, 48_576], [1]]);
  });
});

describe('an eager writer', () => {
  it('sends what one turn of the event loop wrote at once when nothing is under way', async () => {
    const writer = writerOf({ eager: true, windowMs: 1_000_000 });
    const writes = [writer.write('a'), Promise.resolve().then(() => writer.write('b'))];
    await vi.advanceTimersByTimeAsync(0);
    await Promise.all(writes);
    expect(service.batches).toEqual([['a', 'b']]);
  });

  it('gathers while a batch is under way, until that is answered', async () => {
    service.waits = true;
    const writer = writerOf({ eager: true, windowMs: 1_000_000 });
    void writer.write('first');
    await vi.advanceTimersByTimeAsync(0);
    void writer.write('b');
    await vi.advanceTimersByTimeAsync(5);
    void writer.write('c');
    expect(service.batches).toEqual([['first']]);
    service.answers.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(service.batches).toEqual([['first'], ['b', 'c']]);
  });

  it('waits no longer than its window for a batch under way', async () => {
    service.waits = true;
    const writer = writerOf({ eager: true, windowMs: 2 });
    void writer.write('first');
    await vi.advanceTimersByTimeAsync(0);
    void writer.write('b');
    await vi.advanceTimersByTimeAsync(2);
    expect(service.batches).toEqual([['first'], ['b']]);
  });
});

describe('a failure', () => {
  const failing = (entry: string, senderFault: boolean) => (batch: readonly string[]) =>
    new Map(batch.flatMap((one, at) => (one === entry ? [[at, { senderFault, reason: `no ${entry}` }] as const] : [])));

  it('of one entry is tried three times and then told, the others being done', async () => {
    service.failures = failing('b', false);
    const writer = writerOf();
    const writes = Promise.all(['a', 'b', 'c'].map((entry) => writer.write(entry)));
    await vi.advanceTimersByTimeAsync(30);
    expect(await writes).toEqual([undefined, { senderFault: false, reason: 'no b' }, undefined]);
    expect(service.batches).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  });

  it('that is the sender’s fault is not tried again', async () => {
    service.failures = failing('b', true);
    const writer = writerOf();
    const writes = Promise.all(['a', 'b'].map((entry) => writer.write(entry)));
    await vi.advanceTimersByTimeAsync(30);
    expect(await writes).toEqual([undefined, { senderFault: true, reason: 'no b' }]);
    expect(service.batches).toEqual([['a', 'b']]);
  });

  it('of an entry that heals leaves no trace', async () => {
    service.failures = (batch) => (service.batches.length === 1 ? failing('a', false)(batch) : new Map());
    const writer = writerOf();
    const write = writer.write('a');
    await vi.advanceTimersByTimeAsync(20);
    expect(await write).toBeUndefined();
  });

  it('of the call rejects every write of the batch, and the writer goes on', async () => {
    const send = vi.fn<BatchOptions<string>['send']>(service.send).mockRejectedValueOnce(new Error('no route'));
    const writer = writerOf({ send });
    const writes = Promise.allSettled([writer.write('a'), writer.write('b')]);
    await vi.advanceTimersByTimeAsync(10);
    expect((await writes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = writer.write('c');
    await vi.advanceTimersByTimeAsync(10);
    expect(await next).toBeUndefined();
  });
});
