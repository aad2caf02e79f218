import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireJson } from '../intake/content-types.js';
import { withoutEncoding } from '../intake/inflate.js';
import { parseJson } from '../intake/options.js';
import { readJson } from '../intake/read-json.js';

/** The body as JSON by a schema, undefined when there is none. Throws problems that point to what is wrong. */
export async function jsonBodyOf<S extends z.ZodType>(schema: S, { body, headers }: FastifyRequest): Promise<z.infer<S>> {
  if (!body) return parseJson(schema, undefined, '');
  requireJson(headers['content-type']);
  const bytes = await readJson(withoutEncoding(body as Readable, headers['content-encoding']));
  const text = new TextDecoder().decode(bytes);
  return parseJson(schema, text === '' ? undefined : JSON.parse(text), '');
}
