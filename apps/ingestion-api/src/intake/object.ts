import { basename } from 'node:path/posix';
import { type ObjectSource as Reference } from '@millrace/contracts';
import type { ObjectSource } from '@millrace/blob-store';
import { problem, ProblemError } from '../problem.js';
import { fileTypeOf } from './content-types.js';
import { cleanFilename } from './filename.js';
import type { Taken } from './taken.js';

export interface ObjectRules {
  /** Absent when the profile has no S3. */
  readonly objects: ObjectSource | undefined;
  readonly buckets: readonly string[];
  readonly maxBytes: number;
}

/** The object that is to be ingested, as a stream. Throws a 422 problem for one that may not be, a 413 for one too large. */
export async function openObject({ bucket, key, contentType }: Reference, { objects, buckets, maxBytes }: ObjectRules): Promise<Omit<Taken, 'options'>> {
  if (!objects) throw refused('this deployment has no S3 to read objects from; send the data itself', '/source');
  if (!buckets.includes(bucket)) throw refused(`objects of the bucket ${bucket} are not ingested here`, '/source/bucket');
  const opened = await objects.open({ bucket, key });
  const filename = cleanFilename(basename(key));
  try {
    if (opened.bytes > maxBytes) throw tooLarge(opened.bytes, maxBytes);
    const type = fileTypeOf(contentType ?? opened.contentType, filename ?? '', '/source/contentType');
    return { contentType: type, ...(filename === undefined ? {} : { filename }), bytes: opened.body, discard: async () => void opened.body.destroy() };
  } catch (err) {
    opened.body.destroy();
    throw err;
  }
}

const refused = (detail: string, pointer: string): ProblemError =>
  new ProblemError(problem({ status: 422, code: 'MILLRACE_SOURCE_REFUSED', title: 'The source is not taken', detail, errors: [{ pointer, detail }] }));

function tooLarge(bytes: number, maxBytes: number): ProblemError {
  const detail = `the object has ${bytes} bytes; the limit is ${maxBytes}`;
  return new ProblemError(problem({ status: 413, code: 'MILLRACE_BLOB_TOO_LARGE', title: 'Too large', detail, errors: [{ pointer: '/source/key', detail }] }));
}
