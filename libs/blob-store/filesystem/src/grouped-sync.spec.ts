import { expect, test } from 'vitest';
import { GroupedSync } from './grouped-sync.js';

/** fsyncs that end when told to. */
class Disk {
  readonly started: string[] = [];
  readonly #ends: Array<(error?: Error) => void> = [];
  readonly fsync = (folder: string): Promise<void> => {
    this.started.push(folder);
    return new Promise((resolve, reject) => this.#ends.push((error) => (error ? reject(error) : resolve())));
  };

  async end(error?: Error): Promise<void> {
    this.#ends.shift()?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function stage() {
  const disk = new Disk();
  const syncs = new GroupedSync(disk.fsync);
  const ended: string[] = [];
  const sync = (name: string, folder = 'f'): void => {
    syncs.sync(folder).then(() => ended.push(name), (error: Error) => ended.push(`${name}: ${error.message}`));
  };
  return { disk, ended, sync };
}

test('those who come during an fsync share the next one', async () => {
  const { disk, ended, sync } = stage();
  for (const name of ['a', 'b', 'c']) sync(name);
  expect(disk.started).toEqual(['f']);
  await disk.end();
  expect(ended).toEqual(['a']);
  expect(disk.started).toEqual(['f', 'f']);
  sync('d');
  await disk.end();
  expect(ended).toEqual(['a', 'b', 'c']);
  await disk.end();
  expect(ended).toEqual(['a', 'b', 'c', 'd']);
  expect(disk.started).toHaveLength(3);
  sync('e');
  expect(disk.started).toHaveLength(4);
});

test('folders do not wait for one another', async () => {
  const { disk, ended, sync } = stage();
  sync('a', 'f');
  sync('b', 'g');
  expect(disk.started).toEqual(['f', 'g']);
  await disk.end();
  expect(ended).toEqual(['a']);
});

test('a failure reaches those whose fsync it was, and nobody else', async () => {
  const { disk, ended, sync } = stage();
  sync('a');
  sync('b');
  await disk.end(new Error('disk'));
  expect(ended).toEqual(['a: disk']);
  await disk.end();
  expect(ended).toEqual(['a: disk', 'b']);
});
