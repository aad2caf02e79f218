import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { MillraceClient, ProblemError } from '@millrace/api-client';
import { launchErrors } from './errors.js';

const contentTypes: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
};

/** A file that can be sent in. */
export interface Payload {
  readonly file: string;
  readonly bytes: number;
  readonly contentType: string;
}

/** Throws MILLRACE_LAUNCH_FILE when `file` is not a file of a known type. */
export async function payloadOf(file: string): Promise<Payload> {
  const contentType = contentTypes[extname(file).toLowerCase()];
  const known = Object.keys(contentTypes).join(', ');
  if (!contentType) throw launchErrors.error('MILLRACE_LAUNCH_FILE', `cannot tell what kind of data ${file} is: its name has to end in one of ${known}`);
  const about = await stat(file).catch(() => undefined);
  if (!about?.isFile()) throw launchErrors.error('MILLRACE_LAUNCH_FILE', `there is no file ${file}`);
  return { file, bytes: about.size, contentType };
}

/** Sends a file to the ingestion API and returns the id of the ingestion. Throws MILLRACE_LAUNCH_REFUSED. */
export async function sendFile(apiUrl: string, payload: Payload, callback: string): Promise<string> {
  try {
    const { id } = await new MillraceClient({ url: apiUrl }).ingestFile(payload.file, { callback });
    return id;
  } catch (err) {
    if (!(err instanceof ProblemError)) throw err;
    throw launchErrors.error('MILLRACE_LAUNCH_REFUSED', `the ingestion API refused ${payload.file}: ${err.status} ${err.message}`, { cause: err });
  }
}
