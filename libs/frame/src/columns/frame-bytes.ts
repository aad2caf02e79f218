import { z } from 'zod';
import type { Column, NumberColumn } from './column.js';
import { frameErrors } from './errors.js';
import { Frame } from './frame.js';

/**
 * A frame as bytes, little-endian: `MRFRAME`, the version as one byte, the header's length as uint32, the number of rows as
 * uint32; the header as JSON; then the sections it points to, each beginning at a multiple of eight. Numbers stand as they
 * are in memory, the different texts of a column as a JSON array.
 */
const magic = Buffer.from('MRFRAME');
const version = 1;
const fixedBytes = 16;

const section = z.strictObject({ at: z.int().nonnegative(), bytes: z.int().nonnegative() });
const header = z.array(
  z.union([
    z.strictObject({ name: z.string(), kind: z.enum(['float64', 'float32', 'int32']), values: section, missing: section.exactOptional() }),
    z.strictObject({ name: z.string(), kind: z.literal('text'), codes: section, names: section }),
  ]),
);
type Header = z.infer<typeof header>;
const texts = z.array(z.string());

export const frameContentType = 'application/vnd.millrace.frame';

export function encodeFrame(frame: Frame): Buffer {
  const sections = new Sections();
  const columns = [...frame.columns].map(([name, column]): Header[number] => {
    if (column.kind === 'text') return { name, kind: 'text', codes: sections.add(column.codes), names: sections.add(Buffer.from(JSON.stringify(column.names))) };
    const { kind, values, missing } = column;
    return { name, kind, values: sections.add(values), ...(missing && { missing: sections.add(missing) }) };
  });
  const text = Buffer.from(JSON.stringify(columns));
  const fixed = Buffer.alloc(fixedBytes);
  magic.copy(fixed);
  fixed.writeUInt8(version, magic.length);
  fixed.writeUInt32LE(text.length, 8);
  fixed.writeUInt32LE(frame.rows, 12);
  return Buffer.concat([fixed, text, padding(text.length), ...sections.parts]);
}

/**
 * The frame whose arrays are views of `bytes`, or copies where these do not lie as the arrays need it. Throws
 * MILLRACE_FRAME_VERSION, and MILLRACE_FRAME_BYTES for bytes that `encodeFrame` did not write.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < fixedBytes || !buffer.subarray(0, magic.length).equals(magic)) throw damaged('they do not begin like one');
  const found = buffer.readUInt8(magic.length);
  if (found !== version) throw frameErrors.error('MILLRACE_FRAME_VERSION', `the frame is of version ${found}, this code reads version ${version}; send the data again`);
  const [headerBytes, rows] = [buffer.readUInt32LE(8), buffer.readUInt32LE(12)];
  const sections = new SectionReader(buffer.subarray(fixedBytes + headerBytes + padding(headerBytes).length), rows);
  const columns = parsed(header, buffer.subarray(fixedBytes, fixedBytes + headerBytes)).map((column) => [column.name, sections.column(column)] as const);
  return new Frame(columns);
}

const padding = (bytes: number): Buffer => Buffer.alloc((8 - (bytes % 8)) % 8);

const damaged = (why: string): Error => frameErrors.error('MILLRACE_FRAME_BYTES', `the bytes hold no frame: ${why}`);

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer): T {
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch {
    throw damaged('a description in them cannot be read');
  }
}

class Sections {
  readonly parts: Buffer[] = [];
  #at = 0;

  add({ buffer, byteOffset, byteLength: bytes }: ArrayBufferView): z.infer<typeof section> {
    const [at, gap] = [this.#at, padding(bytes)];
    this.parts.push(Buffer.from(buffer, byteOffset, bytes), gap);
    this.#at += bytes + gap.length;
    return { at, bytes };
  }
}

const numbers: Readonly<Record<NumberColumn['kind'], ArrayOf<NumberColumn['values']>>> = { float64: Float64Array, float32: Float32Array, int32: Int32Array };

class SectionReader {
  constructor(
    private readonly sections: Buffer,
    private readonly rows: number,
  ) {}

  column(column: Header[number]): Column {
    if (column.kind === 'text') return this.#text(column);
    const { kind, missing } = column;
    return { kind, values: this.#array<NumberColumn['values']>(numbers[kind], column.values), ...(missing && { missing: this.#array(Uint8Array, missing) }) };
  }

  #text(column: Header[number] & { readonly kind: 'text' }): Column {
    const names = parsed(texts, this.#bytes(column.names));
    const codes = this.#array(Int32Array, column.codes);
    if (codes.some((code) => code < -1 || code >= names.length)) throw damaged(`column ${JSON.stringify(column.name)} refers to text that is not there`);
    return { kind: 'text', codes, names };
  }

  #array<T extends ArrayBufferView>(type: ArrayOf<T>, place: z.infer<typeof section>): T {
    const bytes = this.#bytes(place);
    if (bytes.length !== this.rows * type.BYTES_PER_ELEMENT) throw damaged('a column has another number of rows than the frame');
    const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
    return new type(aligned.buffer as ArrayBuffer, aligned.byteOffset, this.rows);
  }

  #bytes({ at, bytes }: z.infer<typeof section>): Buffer {
    if (at + bytes > this.sections.length) throw damaged('they end too early');
    return this.sections.subarray(at, at + bytes);
  }
}

interface ArrayOf<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}
