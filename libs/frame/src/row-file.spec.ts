import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRowFile, rowFile, textHead } from './row-file.js';
import { rowLimits, type RowReport } from './rows.js';
import { announcedColumns } from './sniff.js';

const columns = { required: ['id', 'name'], optional: [] };
const names = ['Müller', 'Straße 5 €', '“quoted”', 'æøå'];
const csv = `id,name\r\n${names.map((name, index) => `${index},"${name}"`).join('\r\n')}\r\n`;

interface Read {
  readonly cells: ReadonlyArray<readonly string[]>;
  readonly report: RowReport;
}

async function read(bytes: Uint8Array, contentType = 'text/csv', separator?: ';'): Promise<Read> {
  const cells: Array<readonly string[]> = [];
  const report = await readRowFile(rowFile(bytes, contentType), { columns, ...(separator && { separator }) }, (row) => void cells.push(row));
  return { cells, report };
}

/** As another program writes it, by the encodings' tables in the Encoding standard and ISO 8859-1. */
const inWindows1252 = Buffer.from(csv.replaceAll('€', '\x80').replaceAll('“', '\x93').replaceAll('”', '\x94'), 'latin1');
const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('readRowFile', () => {
  it.each([
    ['UTF-8', 'text/csv', Buffer.from(csv)],
    ['UTF-8 with a mark', 'text/csv', Buffer.from(`\uFEFF${csv}`)],
    ['UTF-8 as declared', 'text/csv; charset=UTF-8; header=present', Buffer.from(csv)],
    ['UTF-16 with a mark, little end first', 'text/csv', Buffer.from(`\uFEFF${csv}`, 'utf16le')],
    ['UTF-16 with a mark, big end first', 'text/csv;charset="utf-16"', bigEndian(`\uFEFF${csv}`)],
    ['UTF-16 of a declared order', 'text/csv; charset=utf-16be', bigEndian(csv)],
    ['windows-1252 as declared', 'text/csv; charset=windows-1252', inWindows1252],
  ])('reads %s, plain and compressed', async (_, contentType, bytes) => {
    const expected = names.map((name, index) => [String(index), name]);
    expect((await read(bytes, contentType)).cells).toEqual(expected);
    expect((await read(gzipSync(bytes), contentType)).cells).toEqual(expected);
    expect(announcedColumns('csv', textHead(gzipSync(bytes), contentType).text)).toEqual(['id', 'name']);
  });

  it('reads ISO-8859-1 as declared', async () => {
    expect((await read(Buffer.from('id,name\n1,Mÿller é\n', 'latin1'), 'text/csv; charset=ISO-8859-1')).cells).toEqual([['1', 'Mÿller é']]);
  });

  it.each([
    ['json', JSON.stringify({ rows: [{ id: 1, name: 'a' }] })],
    ['json', '[\n{"name": "a", "id": "1"}]'],
    ['ndjson', '{"name": "a", "id": 1}\n'],
    ['csv', 'name,id\na,1'],
  ])('sees that it is %s, plain and compressed: %s', async (format, text) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      expect(rowFile(bytes, 'application/octet-stream').format).toBe(format);
      expect((await read(bytes, 'application/octet-stream')).cells).toEqual([['1', 'a']]);
    }
  });

  it('reads fields separated by semicolons', async () => {
    expect((await read(Buffer.from('id;name\n1;"a;b"\n2;1,50\n'), 'text/csv', ';')).cells).toEqual([['1', 'a;b'], ['2', '1,50']]);
  });

  it('gives the same however the file comes in pieces', async () => {
    const texts = { csv, ndjson: names.map((name, id) => `${JSON.stringify({ id, name })}\n`).join(''), json: JSON.stringify(names.map((name, id) => ({ id, name })), undefined, 1) } as const;
    const whole = names.map((name, index) => [String(index), name]);
    const encoded = fc.constantFrom((text: string) => Buffer.from(text), (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'), (text: string) => gzipSync(text));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('csv', 'ndjson', 'json'), encoded, fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), async (format, encode, sizes) => {
        const cells: Array<readonly string[]> = [];
        await readRowFile({ bytes: pieces(encode(texts[format]), sizes), contentType: 'text/plain', format }, { columns }, (row) => void cells.push(row));
        expect(cells).toEqual(whole);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['wrong bytes', Buffer.from('id,name\n1,Mÿller', 'latin1'), 'text/csv', 'id,name\n1,M�ller', undefined],
    ['a zip archive', Buffer.from('PK\x03\x04rest'), 'text/csv', '', 'the file is a zip archive; send the row file itself, or that compressed by gzip'],
    ['damaged gzip', Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 'text/csv', '', 'the compressed file is damaged, after 0 expanded bytes; compress it again and send the whole of it'],
    ['an encoding that is not read', Buffer.from(csv), 'text/csv; charset=utf-7', '', expect.stringContaining('declared as "utf-7"')],
  ])('says what the head of %s is', (_, bytes, contentType, text, fault) => {
    expect(textHead(bytes, contentType)).toEqual({ text, ...(fault !== undefined && { fault }) });
  });

  it('ends between pieces when its signal aborts', async () => {
    const aborted = AbortSignal.abort(new RangeError('enough'));
    await expect(readRowFile(rowFile(Buffer.from(csv), 'text/csv'), { columns, signal: aborted }, () => undefined)).rejects.toThrow('enough');
  });

  it('reads 48 MiB with little of it in memory', async () => {
    const header = gzipSync('id,name\n');
    const member = gzipSync(Array.from({ length: 64 }, (_, index) => `1,${createHash('sha512').update(String(index)).digest('hex')}${'x'.repeat(893)}\n`).join(''));
    async function* source(): AsyncGenerator<Uint8Array> {
      yield header;
      for (let i = 0; i < 768; i++) yield member; // what gzip files one after another expand to is one file
    }
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const report = await readRowFile({ bytes: source(), contentType: 'text/csv', format: 'csv' }, { columns }, () => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      return undefined;
    });
    expect(report.rows).toBe(768 * 64);
    expect(most).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('a file that cannot be read', () => {
  const wrongText = Buffer.concat([Buffer.from('id,name\n1,Anna\n2,M'), Buffer.from([0xfc]), Buffer.from('ller\n')]);

  it.each([
    ['Latin-1 not declared', wrongText, 'text/csv', 'MILLRACE_ROWS_NOT_UTF8', 'the file is not UTF-8 at byte 18, in line 3; save it as UTF-8 or name its encoding in the content type'],
    ['windows-1252 declared as ISO-8859-1', inWindows1252, 'text/csv; charset=iso-8859-1', 'MILLRACE_ROWS_ENCODING', 'the file is not iso-8859-1 at byte 33, in line 3; name its real encoding in the content type, or save it as UTF-8'],
    ['UTF-8 declared as windows-1252', Buffer.from('id,name\n1,Í\n'), 'text/csv; charset=windows-1252', 'MILLRACE_ROWS_ENCODING', 'the file is not windows-1252 at byte 11, in line 2; name its real encoding in the content type, or save it as UTF-8'],
    ['UTF-16 cut in the middle', Buffer.from('\uFEFFid,name\n1,a\n', 'utf16le').subarray(0, -1), 'text/csv', 'MILLRACE_ROWS_ENCODING', 'the file is not utf-16le at byte 24, in line 2; name its real encoding in the content type, or save it as UTF-8'],
    ['half a surrogate pair', Buffer.from('\uFEFFid,name\n1,\uD83Dx\n', 'utf16le'), 'text/csv', 'MILLRACE_ROWS_ENCODING', 'the file is not utf-16le at byte 22, in line 2; name its real encoding in the content type, or save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from('id,name\n1,a\n', 'utf16le'), 'text/csv', 'MILLRACE_ROWS_NUL', 'byte 1, in line 1, is NUL; send text, UTF-16 with a byte order mark'],
    ['UTF-16 declared without a mark', Buffer.from('id,name\n1,a\n', 'utf16le'), 'text/csv; charset=utf-16', 'MILLRACE_ROWS_ENCODING', 'the file, declared as "utf-16", begins with no byte order mark; send UTF-8, UTF-16 with a byte order mark, windows-1252 or iso-8859-1'],
    ['another encoding', Buffer.from(csv), 'text/csv; charset=EBCDIC', 'MILLRACE_ROWS_ENCODING', 'the file, declared as "ebcdic", is in an encoding that is not read here; send UTF-8, UTF-16 with a byte order mark, windows-1252 or iso-8859-1'],
    ['a NUL byte', Buffer.from('id,name\n1,a\n2,b\0c\n'), 'text/csv', 'MILLRACE_ROWS_NUL', 'byte 15, in line 3, is NUL; send text, UTF-16 with a byte order mark'],
    ['a zip archive', Buffer.from('PK\x03\x04rest'), 'text/csv', 'MILLRACE_ROWS_GZIP', 'the file is a zip archive; send the row file itself, or that compressed by gzip'],
    ['a line of 1,000,000 columns', Buffer.from(`id,name\n1,a\n${'7,'.repeat(1_000_000)}`), 'text/csv', 'MILLRACE_ROWS_TOO_LONG', 'the row that begins at line 3 is longer than 262144 bytes; look for a quote that is not closed'],
    ['a header of 1,000,000 columns', Buffer.from(`id,name,${','.repeat(1_000_000)}\n1,a\n`), 'text/csv', 'MILLRACE_ROWS_TOO_LONG', 'the row that begins at line 1 is longer than 262144 bytes; look for a quote that is not closed'],
    ['a short line of too many columns', Buffer.from(`id,name\n1,a\n${','.repeat(5_000)}\n`), 'text/csv', 'MILLRACE_ROWS_MALFORMED', 'row 2 has 5001 columns; send at most 1000'],
    ['nothing', Buffer.from(''), 'text/csv', 'MILLRACE_ROWS_EMPTY', 'the file has no rows; send at least one'],
  ])('is refused and told of: %s', async (_, bytes, contentType, code, message) => {
    await expect(read(bytes, contentType)).rejects.toMatchObject({ code, message, retryable: false });
  });

  it('is refused when it is compressed and cut short, damaged, or no gzip after all', async () => {
    const compressed = gzipSync(csv.repeat(1_000));
    const got = expect.stringMatching(/^the compressed file ends too early, after \d+ expanded bytes; compress it again and send the whole of it$/);
    await expect(read(compressed.subarray(0, -9))).rejects.toMatchObject({ code: 'MILLRACE_ROWS_GZIP', message: got, retryable: false });
    const damaged = Buffer.from(compressed);
    damaged.fill(0x55, 100, 130);
    await expect(read(damaged)).rejects.toMatchObject({ code: 'MILLRACE_ROWS_GZIP', message: expect.stringContaining('the compressed file is damaged, after ') });
    await expect(read(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4]))).rejects.toMatchObject({ code: 'MILLRACE_ROWS_GZIP', message: expect.stringContaining('is damaged') });
  });

  it('is refused when it is a bomb, long before all of it is expanded', async () => {
    const bomb = gzipSync(`id,name\n${`1,${'x'.repeat(1_000)}\n`.repeat(32_768)}`);
    let rows = 0;
    const reading = readRowFile(rowFile(bomb, 'text/csv'), { columns }, () => (rows++, undefined));
    await expect(reading).rejects.toMatchObject({ code: 'MILLRACE_ROWS_EXPANDED', message: 'the compressed file expands to more than 100 times its size; split it or send it as it is', retryable: false });
    expect(rows * 1_003).toBeLessThan(bomb.length * rowLimits.expansion);
  });

  it('reads on over numbers that are text and text that is no number: what a cell may be is for its reader to say', async () => {
    const report = await readRowFile(rowFile(Buffer.from('id,name\n"1",a\n1e400,b\nNaN,c\n'), 'text/csv'), { columns }, ([id]) => (/^\d+$/.test(id ?? '') ? undefined : 'bad-id'));
    expect(report).toEqual({ rows: 3, accepted: 1, rejected: { 'bad-id': 2 }, examples: { 'bad-id': [2, 3] } });
  });
});

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}
