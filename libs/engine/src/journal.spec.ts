import { Readable } from 'node:stream';
import { signature } from '@millrace/canvas';
import { MemoryBlobStore } from '@millrace/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { ArtifactStore } from './artifact-store.js';
import { Journal, type Opening } from './journal.js';

const opening: Opening = {
  id: 'ing_1',
  tenant: 'default',
  canvas: signature('process.initiate', null),
  callback: { url: 'https://example.com/hook' },
  createdAt: 1_000,
  finaliseAt: 10_000,
  deadlineAt: 11_000,
};
let blobs: MemoryBlobStore;
let journal: Journal;

const payload = (text: string, more: { filename?: string } = {}) => ({ bytes: Readable.from([Buffer.from(text)]), contentType: 'text/csv', maxBytes: 100, ...more });

beforeEach(() => {
  blobs = new MemoryBlobStore();
  journal = new Journal(blobs);
});

const listed = async (ids: AsyncIterable<string>): Promise<readonly string[]> => {
  const all: string[] = [];
  for await (const id of ids) all.push(id);
  return all.toSorted();
};

describe('Journal', () => {
  it('gives back what a run was begun with, and its data', async () => {
    const { created, raw } = await journal.write(opening, payload('a,b\n1,2\n', { filename: 'week.csv' }));
    expect(created).toBe(true);
    expect(await journal.read('ing_1')).toEqual({ ...opening, raw });
    expect(new TextDecoder().decode(await new ArtifactStore(blobs).read(raw))).toBe('a,b\n1,2\n');
  });

  it('gives back data that looks like an entry of its own, and data without a line end', async () => {
    for (const [id, text] of [['ing_1', '{"id":"other"}\n\n'], ['ing_2', '{']] as const) {
      await journal.write({ ...opening, id }, payload(text));
      const { raw } = await journal.read(id);
      expect(raw).toMatchObject({ bytes: text.length });
      expect(new TextDecoder().decode(await new ArtifactStore(blobs).read(raw!))).toBe(text);
    }
  });

  it('keeps the first entry of a run, and tells of the data that came later', async () => {
    await journal.write(opening, payload('first'));
    const later = await journal.write({ ...opening, createdAt: 2_000 }, payload('the second'));
    expect(later).toMatchObject({ created: false, raw: { bytes: 10 } });
    expect(await journal.read('ing_1')).toMatchObject({ createdAt: 1_000, raw: { bytes: 5 } });
  });

  it('lists runs, and those noted as done', async () => {
    for (const id of ['ing_1', 'ing_2', 'ing_3']) await journal.write({ ...opening, id }, payload(id));
    await journal.noteDone('ing_2');
    await journal.noteDone('ing_2');
    expect(await listed(journal.runs())).toEqual(['ing_1', 'ing_2', 'ing_3']);
    expect(await listed(journal.done())).toEqual(['ing_2']);
  });

  it('has no entry of a run that was never begun', async () => {
    await expect(journal.read('ing_1')).rejects.toMatchObject({ code: 'MILLRACE_BLOB_NOT_FOUND' });
  });
});
