import { type Answer, type Operation, operations } from './operations.js';
import { componentSchemas, type JsonSchema, ref } from './schemas.js';

export const version = '1.0.0';

const problemTitles: Readonly<Record<number, string>> = {
  400: 'Not well-formed HTTP',
  401: 'No credential, or not a good one',
  403: 'The credential lacks the scope for this',
  404: 'There is no such ingestion of yours',
  408: 'Came too slowly',
  409: 'Not now, or not any more',
  413: 'Too large, or shaped beyond a limit',
  415: 'A content type or encoding that is not taken',
  422: 'Options or data are wrong; `errors` points to the place',
  429: 'Too many requests; see Retry-After',
  503: 'Busy or stopping; see Retry-After',
};

/** The API as OpenAPI 3.1. */
export function openapi(): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) (paths[operation.path] ??= {})[operation.method.toLowerCase()] = describe(operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Millrace',
      version,
      summary: 'Raw data in, insights back on a signed callback',
      description: 'Every error is application/problem+json (RFC 9457) with a `code` and, where there is a place to point to, `errors` with pointers.',
    },
    paths,
    components: { schemas: componentSchemas(), securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key or, where the deployment takes them, a JSON web token. A deployment may do without.' } } },
  };
}

function describe({ id, summary, description, parameters, requestBody, answers, problems }: Operation): JsonSchema {
  return {
    operationId: id,
    summary,
    ...(problems.includes(401) ? { security: [{ bearer: [] }, {}] } : {}),
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: Object.fromEntries([...answers.map((answer) => [answer.status, answerOf(answer)]), ...problems.map((status) => [status, problemOf(status)])]),
  };
}

function answerOf({ description, contentType, schema, headers = {} }: Answer): JsonSchema {
  const described = Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]);
  return {
    description,
    ...(described.length === 0 ? {} : { headers: Object.fromEntries(described) }),
    content: { [contentType.split(';')[0] ?? '']: schema === undefined ? {} : { schema: ref(schema) } },
  };
}

const problemOf = (status: number): JsonSchema => ({ description: problemTitles[status] ?? 'Refused', content: { 'application/problem+json': { schema: ref('Problem') } } });
