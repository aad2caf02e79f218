import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Frame } from './frame.js';
import { FrameBuilder } from './frame-builder.js';
import { decodeFrame, encodeFrame } from './frame-bytes.js';

const kinds = { id: 'text', amount: 'float64', weight: 'float32', count: 'int32' } as const;
type Row = { readonly id: string | null; readonly amount: number | null; readonly weight: number | null; readonly count: number | null };

function frameOf(rows: readonly Row[]): Frame {
  const builder = new FrameBuilder(kinds);
  for (const row of rows) builder.add(row);
  return builder.build();
}

/** Cell by cell, without the frame's own arithmetic. */
function rowsOf(frame: Frame): Row[] {
  const number = (name: string, row: number): number | null => {
    const { values, missing } = frame.number(name);
    return missing?.[row] === 1 ? null : (values[row] ?? null);
  };
  return Array.from({ length: frame.rows }, (_, row) => {
    const { codes, names } = frame.text('id');
    return { id: names[codes[row] ?? -1] ?? null, amount: number('amount', row), weight: number('weight', row), count: number('count', row) };
  });
}

const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.option(fc.string({ unit: 'binary' }).map((text) => text.toWellFormed())),
  amount: fc.option(fc.double({ noNaN: true })),
  weight: fc.option(fc.float({ noNaN: true })),
  count: fc.option(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
});
const someRows: readonly Row[] = [
  { id: 'a', amount: 1.5, weight: 0.5, count: 3 },
  { id: null, amount: null, weight: 2, count: -1 },
  { id: 'a', amount: -2, weight: 4, count: 0 },
];

describe('a frame', () => {
  it('holds what was added, and comes back from its bytes, wherever they lie', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 200 }), fc.integer({ min: 0, max: 9 }), (rows, offset) => {
        const frame = frameOf(rows);
        expect(rowsOf(frame)).toEqual(rows);
        const bytes = encodeFrame(frame);
        const elsewhere = new Uint8Array(new ArrayBuffer(offset + bytes.length), offset);
        elsewhere.set(bytes);
        const back = decodeFrame(elsewhere);
        expect(rowsOf(back)).toEqual(rows);
        expect(back.names).toEqual(['id', 'amount', 'weight', 'count']);
        expect(encodeFrame(back)).toEqual(bytes);
      }),
    );
  });

  it('keeps each text once', () => {
    expect(frameOf(someRows).text('id')).toEqual({ kind: 'text', codes: Int32Array.of(0, -1, 0), names: ['a'] });
    expect(frameOf(someRows).textAt('id', 1)).toBe('');
  });

  it('gives a model its matrix, row by row', () => {
    expect(frameOf(someRows).matrix(['count', 'amount'])).toEqual(Float32Array.of(3, 1.5, -1, NaN, 0, -2));
    expect(frameOf([]).matrix(['count', 'amount'])).toHaveLength(0);
  });

  it('gives a float32 column without a copy, also from bytes', () => {
    const bytes = new Uint8Array(new ArrayBuffer(4_096));
    const encoded = encodeFrame(frameOf(someRows));
    bytes.set(encoded);
    const frame = decodeFrame(bytes.subarray(0, encoded.length));
    expect(frame.matrix(['weight'])).toEqual(Float32Array.of(0.5, 2, 4));
    expect(frame.matrix(['weight']).buffer).toBe(bytes.buffer);
  });

  it('says what it has when asked for what it has not', () => {
    const refusal = (message: string) => expect.objectContaining({ code: 'MILLRACE_FRAME_COLUMN', message });
    expect(() => frameOf(someRows).number('id')).toThrow(refusal('there is no column of numbers named "id", only id (text), amount (float64), weight (float32), count (int32)'));
    expect(() => frameOf(someRows).text('none')).toThrow(expect.objectContaining({ code: 'MILLRACE_FRAME_COLUMN' }));
    expect(() => new Frame([['a', { kind: 'int32', values: Int32Array.of(1) }], ['b', { kind: 'int32', values: Int32Array.of(1, 2) }]])).toThrow(refusal('column "b" has 2 rows, others have 1'));
  });
});

describe('bytes that are no frame', () => {
  const bytes = encodeFrame(frameOf(someRows));

  it('are refused when they are of another version', () => {
    const other = Buffer.from(bytes);
    other.writeUInt8(2, 7);
    expect(() => decodeFrame(other)).toThrow(expect.objectContaining({ code: 'MILLRACE_FRAME_VERSION', retryable: false }));
  });

  it('are refused wherever they are cut', () => {
    for (let length = 0; length < bytes.length - 8; length++) {
      expect(() => decodeFrame(bytes.subarray(0, length))).toThrow(expect.objectContaining({ code: expect.stringMatching(/^MILLRACE_FRAME_BYTES$/) }));
    }
  });

  it('are refused or read as another whole frame when one of them is changed; nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        expect(codeOf(() => decodeFrame(changed))).toMatch(/^(read|MILLRACE_FRAME_[A-Z]+)$/);
      }),
      { numRuns: 500 },
    );
  });
});

function codeOf(decode: () => Frame): string {
  try {
    const frame = decode();
    for (const column of frame.columns.values()) if (column.kind === 'text') column.codes.forEach((code) => code >= 0 && String(column.names[code]));
    return 'read';
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown);
  }
}
