import { type JsonSchema, propertiesOf, ref, type SchemaName } from './schemas.js';

/** An answer that is no problem. */
export interface Answer {
  readonly status: 200 | 202;
  readonly description: string;
  readonly contentType: string;
  /** Of a body in JSON, or of each event. */
  readonly schema?: SchemaName;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A route of the API and what there is to say of it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** With parameters in braces, as OpenAPI has them. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly JsonSchema[];
  readonly requestBody?: JsonSchema;
  readonly answers: readonly Answer[];
  readonly problems: ReadonlyArray<400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 503>;
}

const json = (status: 200 | 202, schema: SchemaName, description: string, headers?: Answer['headers']): Answer => ({
  status,
  description,
  contentType: 'application/json',
  schema,
  ...(headers === undefined ? {} : { headers }),
});

const header = (name: string, description: string): JsonSchema => ({ name, in: 'header', description, schema: { type: 'string' } });

/** Lists stand in the query with commas, objects as JSON. */
const query = (name: string, schema: JsonSchema): JsonSchema => {
  const { description, ...rest } = schema;
  const base = { name, in: 'query', ...(description === undefined ? {} : { description }) };
  if (rest['type'] === 'array') return { ...base, style: 'form', explode: false, schema: rest };
  return rest['$ref'] === ref('Metadata')['$ref'] ? { ...base, content: { 'application/json': { schema: rest } } } : { ...base, schema: rest };
};

const queryOf = (name: SchemaName): readonly JsonSchema[] => propertiesOf(name).map(([name, property]) => query(name, property));

const id: JsonSchema = { name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 64 } };
const prefer = header('Prefer', 'wait=10 waits up to ten seconds, at most 60, for the outcome (RFC 7240)');
const waited = { 'Preference-Applied': 'The wait that was granted' };
const bytes = { schema: { type: 'string', format: 'binary' } };

const ingestionBody: JsonSchema = {
  required: true,
  content: {
    'text/csv': bytes,
    'application/x-ndjson': bytes,
    'application/gzip': bytes,
    'application/json': { schema: { description: 'Data, at most 1 MiB; or an object with a `source`, which names an object in S3', anyOf: [ref('SourceReference'), {}] } },
    'multipart/form-data': {
      schema: {
        type: 'object',
        description: 'One to five files under any names, and options. Each file is streamed into the store.',
        properties: { options: ref('IngestionOptions') },
        additionalProperties: { type: 'string', format: 'binary' },
      },
      encoding: { options: { contentType: 'application/json' } },
    },
  },
};

const begin: Operation = {
  method: 'POST',
  path: '/v1/ingestions',
  id: 'ingest',
  summary: 'Begin an ingestion',
  description:
    'The body is the data: CSV, NDJSON or JSON as it is, a form with several files, or JSON that names an object in S3. With 202 the data is stored and will be worked on whatever happens. Options go into the query; in a form or beside a source they may be given as JSON.',
  parameters: [
    ...queryOf('IngestionOptions'),
    header('Idempotency-Key', '1 to 255 visible ASCII characters, bare or quoted. The same key with the same request gives the same ingestion, for as long as its record is kept.'),
    header('Content-Encoding', 'gzip, or none'),
    prefer,
  ],
  requestBody: ingestionBody,
  answers: [
    json(202, 'Accepted', 'Accepted', { Location: 'Where to ask for it', 'Idempotency-Replayed': 'true when the key was used before', ...waited }),
    json(200, 'IngestionView', 'Over within the wait that was asked for', { Location: 'Where to ask for it', ...waited }),
  ],
  problems: [400, 401, 403, 408, 409, 413, 415, 422, 429, 503],
};

const reads: readonly Operation[] = [
  {
    method: 'GET',
    path: '/v1/ingestions',
    id: 'listIngestions',
    summary: 'List ingestions, newest first',
    parameters: queryOf('ListQuery'),
    answers: [json(200, 'IngestionList', 'One page')],
    problems: [401, 403, 422, 503],
  },
  {
    method: 'GET',
    path: '/v1/ingestions/{id}',
    id: 'readIngestion',
    summary: 'See how an ingestion stands',
    description: 'Its tasks, its callback, and its outcome with all results and the budget report once that is frozen.',
    parameters: [id, prefer],
    answers: [json(200, 'IngestionView', 'As it stands', waited)],
    problems: [401, 403, 404, 422, 503],
  },
  {
    method: 'GET',
    path: '/v1/ingestions/{id}/results',
    id: 'readResults',
    summary: 'Get the results of an ingestion',
    description: 'The body of the callback, always with all results. `expires` and `signature` come with the link in a callback that was too large for them.',
    parameters: [id, query('expires', { type: 'string' }), query('signature', { type: 'string' })],
    answers: [json(200, 'CallbackEvent', 'The results')],
    problems: [401, 403, 404, 409, 503],
  },
  {
    method: 'GET',
    path: '/v1/ingestions/{id}/events',
    id: 'watchIngestion',
    summary: 'Follow an ingestion while it happens',
    description: 'Server-sent events, named after their `type`, until the outcome is frozen. A client that comes back with Last-Event-ID is told what is newer.',
    parameters: [id, header('Last-Event-ID', 'The id of the last event that was received')],
    answers: [{ status: 200, description: 'A stream of events', contentType: 'text/event-stream', schema: 'IngestionEvent' }],
    problems: [401, 403, 404, 503],
  },
  {
    method: 'GET',
    path: '/v1/ingestions/{id}/deliveries',
    id: 'readDeliveries',
    summary: 'See what became of the callback',
    parameters: [id],
    answers: [json(200, 'CallbackView', 'The attempts to deliver it')],
    problems: [401, 403, 404, 503],
  },
];

const changes: readonly Operation[] = [
  {
    method: 'DELETE',
    path: '/v1/ingestions/{id}',
    id: 'cancelIngestion',
    summary: 'Cancel an ingestion',
    description: 'Nothing more of it is begun. There are no results and no callback. It may be cancelled again; one that is over may not.',
    parameters: [id],
    answers: [json(200, 'IngestionView', 'It is cancelled')],
    problems: [401, 403, 404, 409, 503],
  },
  {
    method: 'POST',
    path: '/v1/ingestions/{id}/callback:replay',
    id: 'replayCallback',
    summary: 'Send the callback once more',
    description: 'Whatever became of it: with the same `webhook-id` and the same bytes, so that a receiver that has it already can tell.',
    parameters: [id],
    answers: [json(202, 'CallbackView', 'It will be sent')],
    problems: [401, 403, 404, 409, 503],
  },
];

const origin: JsonSchema = {
  name: 'origin',
  in: 'path',
  required: true,
  description: 'Percent-encoded, as in `https%3A%2F%2Fhooks.example.com`; `https%3A%2F%2F*.example.com` for all names below one, `*` for all endpoints',
  schema: { type: 'string', maxLength: 200 },
};
const jsonBody = (schema: SchemaName, required: boolean): JsonSchema => ({ required, content: { 'application/json': { schema: ref(schema) } } });

const endpoints: readonly Operation[] = [
  {
    method: 'GET',
    path: '/v1/endpoints',
    id: 'listEndpoints',
    summary: 'See what is said of the endpoints of callbacks',
    answers: [json(200, 'EndpointList', 'All of which something is said')],
    problems: [401, 403, 503],
  },
  {
    method: 'GET',
    path: '/v1/endpoints/{origin}',
    id: 'readEndpoint',
    summary: 'See what is said of an endpoint',
    description: 'What is absent is as the more general settings have it, or as it is for the deployment.',
    parameters: [origin],
    answers: [json(200, 'EndpointView', 'Its settings')],
    problems: [401, 403, 422, 503],
  },
  {
    method: 'PUT',
    path: '/v1/endpoints/{origin}',
    id: 'changeEndpoint',
    summary: 'Say how callbacks go to an endpoint',
    description: 'Replaces all settings, headers too, but not the secrets. Without `disabled` an endpoint that was disabled is enabled.',
    parameters: [origin],
    requestBody: jsonBody('EndpointChange', true),
    answers: [json(200, 'EndpointView', 'The settings as they are now')],
    problems: [400, 401, 403, 408, 409, 413, 415, 422, 503],
  },
  {
    method: 'DELETE',
    path: '/v1/endpoints/{origin}',
    id: 'forgetEndpoint',
    summary: 'Forget the settings and secrets of an endpoint',
    description: 'The more general settings hold then, or those of the deployment.',
    parameters: [origin],
    answers: [json(200, 'EndpointView', 'That nothing is said of it any more')],
    problems: [401, 403, 422, 503],
  },
  {
    method: 'POST',
    path: '/v1/endpoints/{origin}/secret:rotate',
    id: 'rotateSecret',
    summary: 'Make a new signing secret for an endpoint',
    description: 'It signs from now on, and the secrets of before beside it until their grace is over. The first of its own takes the place of the deployment’s at once.',
    parameters: [origin],
    requestBody: jsonBody('SecretRotation', false),
    answers: [json(200, 'NewSecret', 'What receivers verify with; a secret is told this once')],
    problems: [400, 401, 403, 408, 409, 413, 415, 422, 503],
  },
  {
    method: 'GET',
    path: '/v1/callbacks',
    id: 'listCallbacks',
    summary: 'List the callbacks that nobody took',
    description: 'Kept for 15 days, and no longer listed once they are replayed.',
    parameters: queryOf('CallbackQuery'),
    answers: [json(200, 'CallbackList', 'One page')],
    problems: [401, 403, 422, 503],
  },
];

const document = (path: string, id: string, summary: string, contentType: string): Operation => ({
  method: 'GET',
  path,
  id,
  summary,
  answers: [{ status: 200, description: 'The document', contentType }],
  problems: [],
});

/** Every route there is; a test holds them against the router. */
export const operations: readonly Operation[] = [
  begin,
  ...reads,
  ...changes,
  ...endpoints,
  document('/v1/openapi.json', 'readOpenapi', 'This document', 'application/json'),
  document('/v1/asyncapi.json', 'readAsyncapi', 'The callbacks, as AsyncAPI 3', 'application/json'),
  document('/docs', 'readDocs', 'This document as a page', 'text/html; charset=utf-8'),
];

/** The methods of a path, when it is that of a route. */
export function methodsOf(path: string): readonly string[] {
  return operations.filter((operation) => pattern(operation.path).test(path)).map(({ method }) => method);
}

const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]{1,250}').replaceAll('.', '\\.')}$`);
