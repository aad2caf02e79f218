import { extname } from 'node:path';
import { problem, ProblemError } from '../problem.js';

/** Media types of data that a domain may read. Row files may be compressed by gzip whatever their type says. */
export const dataTypes = ['text/csv', 'application/csv', 'application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/x-jsonlines', 'application/json', 'application/gzip'] as const;

export const formType = 'multipart/form-data';

const typeOfExtension: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
  '.gz': 'application/gzip',
};

/** Programs that do not know what a file is say one of these. */
const saysNothing = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'text/plain']);

/** The bare media type. Throws a 415 problem unless it is data or, where that is taken, a form. */
export function bodyTypeOf(header: string | undefined): string {
  const type = bare(header);
  return type === formType ? type : checked(type, '#header/content-type', [...dataTypes, formType]);
}

/** The media type of a file, by its name when its sender says nothing. Throws a 415 problem. */
export function fileTypeOf(header: string | undefined, filename: string, pointer: string): string {
  const type = bare(header);
  const guessed = saysNothing.has(type) ? (typeOfExtension[extname(filename).toLowerCase()] ?? type) : type;
  return checked(guessed === 'application/x-gzip' ? 'application/gzip' : guessed, pointer, dataTypes);
}

/** Throws a 415 problem for anything but JSON. */
export const requireJson = (header: string | undefined): void => void checked(bare(header), '#header/content-type', ['application/json']);

/** The media type with the encoding that its sender names, unless that is UTF-8: readers of the data need it. */
export function withCharset(type: string, header: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([\w.:-]{1,40})/i.exec(header ?? '')?.[1]?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' ? type : `${type}; charset=${charset}`;
}

const bare = (header: string | undefined): string => header?.split(';')[0]?.trim().toLowerCase() ?? '';

function checked(type: string, pointer: string, known: readonly string[]): string {
  if (known.includes(type)) return type;
  const detail =
    type === ''
      ? `the request has no content-type; send one of ${known.join(', ')}`
      : `the content-type ${JSON.stringify(type.slice(0, 60))} is not one of ${known.join(', ')}`;
  throw new ProblemError(problem({ status: 415, code: 'MILLRACE_CONTENT_TYPE', title: 'Unsupported media type', detail, errors: [{ pointer, detail }] }));
}
