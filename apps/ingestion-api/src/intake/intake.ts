import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type IngestionOptions, manifestContentType, type SourceReference, sourceReference } from '@millrace/contracts';
import { fileKey } from '@millrace/engine';
import type { Runtime } from '@millrace/platform';
import type { FastifyRequest } from 'fastify';
import { problem, ProblemError } from '../problem.js';
import { bodyTypeOf, formType, withCharset } from './content-types.js';
import { withFirstBytes } from './first-bytes.js';
import { type FormContent, readForm } from './form.js';
import { withoutEncoding } from './inflate.js';
import { openObject } from './object.js';
import { optionsOfQuery, parseJson } from './options.js';
import { readJson } from './read-json.js';
import type { Taken } from './taken.js';

/** The ways in: a raw body, a form with files, or JSON that names an object. Each is checked before it is stored. */
export class Intake {
  constructor(private readonly runtime: Runtime) {}

  /** `id`: the run it is for. Throws problems; whatever was stored until then is removed. */
  async take(request: FastifyRequest, id: string): Promise<Taken> {
    const { config } = this.runtime;
    const contentType = bodyTypeOf(request.headers['content-type']);
    const options = optionsOfQuery(request.query);
    checkLength(request.headers['content-length'], config.MILLRACE_MAX_BODY_BYTES);
    const body = withoutEncoding((request.body ?? request.raw) as Readable, request.headers['content-encoding']);
    if (contentType === formType) return this.#form(body, request.headers['content-type'] ?? '', { id, options });
    if (contentType === 'application/json') return this.#json(body, options);
    return { contentType: withCharset(contentType, request.headers['content-type']), options, bytes: await withFirstBytes(body, contentType) };
  }

  async #json(body: Readable, options: IngestionOptions): Promise<Taken> {
    const bytes = await readJson(body);
    const reference = referenceIn(bytes);
    if (!reference) return { contentType: 'application/json', options, bytes: Readable.from(bytes.length > 0 ? [bytes] : []) };
    const { MILLRACE_SOURCE_BUCKETS: buckets, MILLRACE_MAX_BODY_BYTES: maxBytes } = this.runtime.config;
    const object = await openObject(reference.source, { objects: this.runtime.objects, buckets, maxBytes });
    return { ...object, options: { ...options, ...reference.options } };
  }

  async #form(body: Readable, contentType: string, { id, options }: { id: string; options: IngestionOptions }): Promise<Taken> {
    const { blobs, random, config } = this.runtime;
    const upload = Buffer.from(random.bytes(8)).toString('hex'); // of two requests with one id each stores files of its own
    const keyOf = (nth: number): string => fileKey(id, `${upload}-${nth}`);
    const content = await readForm(body, contentType, { blobs, maxBytes: config.MILLRACE_MAX_BODY_BYTES, keyOf });
    const discard = async (): Promise<void> => void (await Promise.all(content.files.map(({ key }) => blobs.remove(key))));
    return {
      contentType: manifestContentType,
      options: { ...options, ...content.options },
      bytes: Readable.from([Buffer.from(JSON.stringify({ files: content.files }))]),
      fingerprint: fingerprintOf(content),
      discard,
    };
  }
}

/** JSON whose top level has a `source` is a reference; all other JSON is data. It has been checked, so it can be parsed. */
function referenceIn(bytes: Buffer): SourceReference | undefined {
  if (bytes.length > mostReferenceBytes) return undefined;
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (!text.trimStart().startsWith('{')) return undefined;
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && 'source' in value ? parseJson(sourceReference, value, '') : undefined;
}

const mostReferenceBytes = 64 * 1024;

const fingerprintOf = ({ files }: FormContent): string =>
  createHash('sha256').update(JSON.stringify(files.map(({ field, filename, contentType, sha256 }) => [field, filename, contentType, sha256]))).digest('hex');

/** Before the body is read. */
function checkLength(header: string | undefined, maxBytes: number): void {
  if (Number(header ?? 0) <= maxBytes) return;
  const detail = `the body has ${header} bytes; the limit is ${maxBytes}`;
  throw new ProblemError(problem({ status: 413, code: 'MILLRACE_BLOB_TOO_LARGE', title: 'Too large', detail, errors: [{ pointer: '#header/content-length', detail }] }));
}
