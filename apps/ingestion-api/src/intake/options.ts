import { ingestionOptions, type IngestionOptions } from '@millrace/contracts';
import type { z } from 'zod';
import { malformed, type Place, problem, ProblemError, wrongParameters } from '../problem.js';
import { JsonFault, JsonScanner } from './json-scanner.js';

type Issue = z.core.$ZodIssue;
type PointerOf = (path: readonly PropertyKey[]) => string;

const inQuery: PointerOf = (path) => `#query/${path.map(String).join('/')}`;

/** Numbers and lists as the query has them, into what the schema is about. Anything else stays for the schema to refuse. */
const conversions: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['domains', (text) => text.split(',').map((name) => name.trim())],
  ['budgetMs', toNumber],
  ['priority', toNumber],
  ['limit', toNumber],
  ['metadata', (text) => parseSmall(text, '#query/metadata')],
]);

const asText = (text: string): unknown => text;

function toNumber(text: string): unknown {
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

/** The query by a schema. Throws a 422 problem that names every wrong parameter. */
export function parseQuery<S extends z.ZodType>(schema: S, query: unknown): z.infer<S> {
  const entries = Object.entries(query as Readonly<Record<string, unknown>>);
  const converted = entries.map(([name, value]) => [name, typeof value === 'string' ? (conversions.get(name) ?? asText)(value) : value]);
  const parsed = schema.safeParse(Object.fromEntries(converted));
  if (parsed.success) return parsed.data;
  throw wrongParameters(...placesOf(parsed.error.issues, inQuery, 'parameter'));
}

/** JSON that was parsed, by a schema. `base` points to where it stood in the request. */
export function parseJson<S extends z.ZodType>(schema: S, value: unknown, base: string): z.infer<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw wrongParameters(...placesOf(parsed.error.issues, (path) => `${base}${path.map((key) => `/${String(key)}`).join('')}`, 'property'));
}

/** A few KB of JSON. Throws a 422 problem for what is not JSON, or harmful. */
export function parseSmall(text: string, base: string): unknown {
  const scanner = new JsonScanner({ depth: 32, tokens: 5_000 });
  try {
    scanner.write(Buffer.from(text));
    scanner.end();
  } catch (err) {
    if (err instanceof JsonFault) throw malformed({ pointer: `${base}${err.pointer}`, detail: err.message, code: err.code });
    throw err;
  }
  return JSON.parse(text);
}

/** Throws a 422 problem for options that this deployment cannot follow. */
export function checkDomains({ domains = [] }: IngestionOptions, known: readonly string[]): void {
  const unknown = domains.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const errors = unknown.map((name) => ({ pointer: '#query/domains', detail: `there is no domain ${JSON.stringify(name)}; this deployment has ${known.join(', ')}` }));
  const detail = errors.map((error) => error.detail).join('; ').slice(0, 1_000);
  throw new ProblemError(problem({ status: 422, code: 'MILLRACE_DOMAIN_UNKNOWN', title: 'The request’s parameters are wrong', detail, errors }));
}

export const optionsOfQuery = (query: unknown): IngestionOptions => parseQuery(ingestionOptions, query);

function placesOf(issues: readonly Issue[], pointerOf: PointerOf, noun: string): readonly Place[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key.slice(0, 60)]), detail: `there is no ${noun} ${JSON.stringify(key.slice(0, 60))}` }))
      : [{ pointer: pointerOf(issue.path), detail: issue.message }],
  );
}
