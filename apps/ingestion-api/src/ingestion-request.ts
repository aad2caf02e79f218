import { ingestionOptions, type IngestionOptions } from '@millrace/contracts';
import { problem, ProblemError } from './problem.js';

/** Media types of row files, and what else a domain may take. */
const accepted = ['text/csv', 'application/csv', 'application/x-ndjson', 'application/ndjson', 'application/jsonl', 'application/json'];

/** Throws a 415 problem unless the content type is one that some domain can read. */
export function checkContentType(header: string | undefined): string {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (accepted.includes(type)) return type;
  const detail =
    type === ''
      ? `the request has no content-type; send one of ${accepted.join(', ')}`
      : `the content-type ${JSON.stringify(type.slice(0, 60))} is not one of ${accepted.join(', ')}`;
  throw new ProblemError(
    problem({ status: 415, code: 'MILLRACE_CONTENT_TYPE', title: 'Unsupported media type', detail, errors: [{ pointer: '#header/content-type', detail }] }),
  );
}

/** Throws a 422 problem that names every wrong parameter. */
export function parseOptions(query: unknown, domainNames: readonly string[]): IngestionOptions {
  const parsed = ingestionOptions.safeParse(query);
  if (!parsed.success) {
    const errors = parsed.error.issues.slice(0, 20).flatMap(({ code, path, message, ...rest }) =>
      code === 'unrecognized_keys' && 'keys' in rest
        ? (rest.keys as string[]).map((key) => ({ pointer: `#query/${key}`, detail: `there is no parameter ${JSON.stringify(key.slice(0, 60))}` }))
        : [{ pointer: `#query/${path.map(String).join('/')}`, detail: message }],
    );
    throw wrong('MILLRACE_PARAMETERS', errors);
  }
  const unknown = parsed.data.domains?.filter((name) => !domainNames.includes(name)) ?? [];
  if (unknown.length > 0) {
    const known = domainNames.join(', ');
    throw wrong('MILLRACE_DOMAIN_UNKNOWN', unknown.map((name) => ({ pointer: '#query/domains', detail: `there is no domain ${JSON.stringify(name)}; this deployment has ${known}` })));
  }
  return parsed.data;
}

const wrong = (code: string, errors: ReadonlyArray<{ pointer: string; detail: string }>): ProblemError =>
  new ProblemError(
    problem({ status: 422, code, title: 'The request’s parameters are wrong', detail: errors.map((error) => error.detail).join('; ').slice(0, 1_000), errors }),
  );
