import type { ArtifactRef } from '@millrace/contracts';
import { readRows, type RowReport } from '@millrace/frame';
import { defineErrors } from '@millrace/kernel';
import { describe, expect, it } from 'vitest';
import { nameOf, nothingUsable, placeOf, readSources, rowsOf, type Source, sourceFilesOf, sourcesReport } from './sources.js';

const blobs: Readonly<Record<string, string>> = { one: 'n\n1\n2\n', two: 'n\n3\nx\nx\n', bad: 'm\n1\n' };
const refOf = (key: string): ArtifactRef => ({ key, bytes: 1, sha256: '0'.repeat(64), contentType: 'text/csv', filename: `${key}.csv` });
const { error } = defineErrors({ MILLRACE_SPEC: { retryable: false, help: 'For the spec.' } });

function contextWith(signal = new AbortController().signal) {
  const artifacts = { read: async ({ key }: ArtifactRef) => Buffer.from(blobs[key] ?? ''), write: async () => refOf('x'), head: async () => new Uint8Array() };
  return { artifacts, signal };
}

async function read({ bytes, format, head }: Source): Promise<{ about: { format: string }; rows: RowReport }> {
  if (!head.startsWith('n')) throw error('MILLRACE_SPEC', 'there is no column n', { detail: { column: 'n' } });
  const rows = readRows(bytes as Uint8Array, 'csv', { required: ['n'], optional: [] }, ([cell]) => (cell === 'x' ? 'bad-n' : undefined));
  return { about: { format }, rows };
}

describe('readSources', () => {
  it('reads files one after another and counts rows through all of them', async () => {
    const before: number[] = [];
    const reads = await readSources(contextWith(), [refOf('one'), refOf('two'), refOf('one')], async (source) => {
      before.push(source.rowsBefore);
      return read(source);
    });
    expect(before).toEqual([0, 2, 5]);
    expect(sourceFilesOf(reads)).toEqual([{ name: 'one.csv', rows: 2 }, { name: 'two.csv', rows: 3 }, { name: 'one.csv', rows: 2 }]);
    expect(rowsOf(reads)).toEqual({ rows: 7, accepted: 5, rejected: { 'bad-n': 2 } });
  });

  it('says of several files which one is meant, and of one nothing', async () => {
    await expect(readSources(contextWith(), [refOf('one'), refOf('bad')], read)).rejects.toMatchObject({
      code: 'MILLRACE_SPEC',
      message: 'in file 2: there is no column n',
      retryable: false,
      detail: { column: 'n', file: 2 },
    });
    await expect(readSources(contextWith(), [refOf('bad')], read)).rejects.toMatchObject({ message: 'there is no column n', detail: { column: 'n' } });
  });

  it('stops between files with the signal’s reason', async () => {
    const reason = new Error('time is up');
    await expect(readSources(contextWith(AbortSignal.abort(reason)), [refOf('one')], read)).rejects.toBe(reason);
  });
});

describe('sourcesReport', () => {
  it('is flat for one file, and by file for several', async () => {
    const [one, two] = [await readSources(contextWith(), [refOf('two')], read), await readSources(contextWith(), [refOf('one'), refOf('two')], read)];
    expect(sourcesReport(one, { total: 9 }, 'lines')).toEqual({ format: 'csv', lines: 3, total: 9, accepted: 1, rejected: { 'bad-n': 2 }, examples: { 'bad-n': [2, 3] } });
    expect(sourcesReport(two, { total: 9 })).toEqual({
      rows: 5,
      total: 9,
      accepted: 3,
      rejected: { 'bad-n': 2 },
      files: [
        { file: 'one.csv', format: 'csv', rows: 2, accepted: 2, rejected: {}, examples: {} },
        { file: 'two.csv', format: 'csv', rows: 3, accepted: 1, rejected: { 'bad-n': 2 }, examples: { 'bad-n': [2, 3] } },
      ],
    });
  });

  it('has words for files of which nothing can be used', async () => {
    const reads = await readSources(contextWith(), [refOf('two')], read);
    expect(nothingUsable(reads)).toEqual({
      message: 'none of the 3 rows can be used (2 × bad-n); correct the export and send it again',
      detail: { rows: 3, rejected: { 'bad-n': 2 }, examples: { 'bad-n': [2, 3] } },
    });
  });
});

describe('placeOf', () => {
  const files = [{ name: 'a', rows: 2 }, { name: 'b', rows: 3 }];

  it.each([
    [1, { file: 'a', row: 1 }],
    [2, { file: 'a', row: 2 }],
    [3, { file: 'b', row: 1 }],
    [5, { file: 'b', row: 3 }],
  ])('row %i is %j', (row, place) => {
    expect(placeOf(files, row)).toEqual(place);
  });

  it('needs no file where there is one', () => {
    expect(placeOf(files.slice(0, 1), 2)).toEqual({ row: 2 });
  });
});

describe('nameOf', () => {
  it('is the filename, else the form’s field, else the place', () => {
    const { filename: _filename, ...bare } = refOf('a');
    expect([nameOf({ ...bare, filename: 'a.csv', field: 'f' }, 0), nameOf({ ...bare, field: 'f' }, 0), nameOf(bare, 1)]).toEqual(['a.csv', 'f', 'file 2']);
  });
});
