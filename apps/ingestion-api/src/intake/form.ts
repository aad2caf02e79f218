import { createHash } from 'node:crypto';
import { pipeline, type Readable, Transform } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { BlobStore } from '@millrace/blob-store';
import { type ArtifactRef, ingestionOptions, type IngestionOptions } from '@millrace/contracts';
import { malformed, overLimit } from '../problem.js';
import { fileTypeOf } from './content-types.js';
import { cleanFilename } from './filename.js';
import { checkFirstBytes } from './first-bytes.js';
import { parseJson, parseSmall } from './options.js';
import { scannedJson } from './read-json.js';

const limits = { parts: 25, files: 5, fields: 20, fieldNameSize: 100, fieldSize: 64 * 1024, headerPairs: 50 } as const;

/** Forms name their options so; every other part is a file. */
const optionsField = 'options';

export interface FormDestination {
  readonly blobs: BlobStore;
  /** For all files together. */
  readonly maxBytes: number;
  /** The key of the nth file, from 0. */
  keyOf(nth: number): string;
}

export interface FormContent {
  /** In the order they came. */
  readonly files: readonly ArtifactRef[];
  readonly options: IngestionOptions;
}

/** Reads a form, each file straight into the blob store; what was stored of a form that failed is removed again. */
export async function readForm(source: Readable, contentType: string, destination: FormDestination): Promise<FormContent> {
  const reading = new FormReading(source, contentType, destination);
  try {
    return await reading.content;
  } catch (err) {
    await reading.remove();
    throw err;
  }
}

class FormReading {
  readonly content: Promise<FormContent>;
  readonly #destination: FormDestination;
  readonly #files: Array<Promise<ArtifactRef>> = [];
  #fail: (err: unknown) => void = () => undefined;
  #options: IngestionOptions | undefined;
  #current: Readable | undefined;
  #bytes = 0;

  constructor(source: Readable, contentType: string, destination: FormDestination) {
    this.#destination = destination;
    this.content = new Promise((resolve, reject) => {
      const form = openForm(contentType);
      this.#fail = (err) => {
        source.unpipe(form);
        this.#current?.destroy(err instanceof Error ? err : new Error(String(err)));
        reject(err);
      };
      this.#listen(form, source);
      form.once('finish', () => void this.#finish().then(resolve, this.#fail));
      source.pipe(form);
    });
  }

  /** Waits for what is under way, so that nothing is stored after it was removed. */
  async remove(): Promise<void> {
    await Promise.allSettled(this.#files);
    await Promise.all(this.#files.map((_, nth) => this.#destination.blobs.remove(this.#destination.keyOf(nth))));
  }

  #listen(form: BusboyInstance, source: Readable): void {
    form.on('file', (...[field, stream, filename, , type]: FileEvent) => this.#file(stream, { field: field ?? '', filename, type }));
    form.on('field', (name: string, value: string, _nameCut: boolean, isCut: boolean) => this.#field(name, value, isCut));
    form.once('partsLimit', () => this.#fail(overLimit({ pointer: '', detail: `a form has at most ${limits.parts} parts`, code: 'parts' })));
    form.once('filesLimit', () => this.#fail(overLimit({ pointer: '', detail: `a form has at most ${limits.files} files`, code: 'files' })));
    form.once('fieldsLimit', () => this.#fail(overLimit({ pointer: '', detail: `a form has at most ${limits.fields} fields`, code: 'fields' })));
    form.once('error', (err: Error) => this.#fail(malformed({ pointer: '', detail: `the form is not whole: ${err.message.slice(0, 100)}`, code: 'form' })));
    source.once('error', (err) => this.#fail(err));
    source.once('aborted', () => this.#fail(new Error('the client went away')));
  }

  #file(stream: Readable, part: Part): void {
    stream.on('error', () => undefined); // whoever stores it is told
    this.#current = stream;
    const stored = this.#store(stream, part, this.#files.length);
    this.#files.push(stored);
    stored.catch(this.#fail);
  }

  #field(name: string, value: string, isCut: boolean): void {
    try {
      if (isCut) throw overLimit({ pointer: `#part/${name}`, detail: `a field has at most ${limits.fieldSize} bytes`, code: 'bytes' });
      if (this.#options) throw malformed({ pointer: `#part/${name}`, detail: 'a form has its options once', code: 'form' });
      this.#options = parseJson(ingestionOptions, parseSmall(value, `#part/${name}`), `#part/${name}`);
    } catch (err) {
      this.#fail(err);
    }
  }

  async #store(stream: Readable, { field, filename, type }: Part, nth: number): Promise<ArtifactRef> {
    const pointer = `#part/${field}`;
    const name = cleanFilename(filename);
    const contentType = fileTypeOf(type, name ?? '', pointer);
    const { blobs, maxBytes, keyOf } = this.#destination;
    const measured = new MeasuredFile((first) => checkFirstBytes(first, contentType, pointer));
    pipeline([stream, ...(contentType === 'application/json' ? [scannedJson(pointer)] : []), measured], () => undefined); // whoever stores it is told
    const key = keyOf(nth);
    await blobs.putIfAbsent(key, measured, { maxBytes: maxBytes - this.#bytes });
    const { bytes, sha256 } = measured.result();
    if (bytes === 0) throw malformed({ pointer, detail: 'the file is empty', code: 'empty' });
    this.#bytes += bytes;
    return { key, bytes, sha256, contentType, ...(name === undefined ? {} : { filename: name }), ...(field === '' ? {} : { field }) };
  }

  async #finish(): Promise<FormContent> {
    const files = await Promise.all(this.#files);
    if (files.length === 0) throw malformed({ pointer: '', detail: 'the form has no file', code: 'form' });
    return { files, options: this.#options ?? {} };
  }
}

type FileEvent = readonly [field: string | undefined, stream: Readable, filename: string | undefined, encoding: string, type: string];

interface Part {
  readonly field: string;
  readonly filename: string | undefined;
  readonly type: string;
}

function openForm(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits, isPartAFile: (name) => name !== optionsField });
  } catch {
    throw malformed({ pointer: '#header/content-type', detail: 'a form needs a boundary in its content type', code: 'form' });
  }
}

/** Lets a file pass, and counts and hashes it. */
class MeasuredFile extends Transform {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(private readonly checkFirst: (first: Uint8Array) => void) {
    super();
    this.on('error', () => undefined); // whoever reads it is told; but it may fail before anybody does
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: (err: Error | null, chunk?: Uint8Array) => void): void {
    try {
      if (this.#bytes === 0) this.checkFirst(chunk);
    } catch (err) {
      return done(err instanceof Error ? err : new Error(String(err)));
    }
    this.#hash.update(chunk);
    this.#bytes += chunk.byteLength;
    done(null, chunk);
  }

  result(): Pick<ArtifactRef, 'bytes' | 'sha256'> {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}
