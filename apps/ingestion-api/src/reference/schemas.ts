import * as contracts from '@millrace/contracts';
import { endpointChange, endpointView } from '@millrace/webhooks';
import { z } from 'zod';
import { callbackList, callbackQuery, endpointList, newSecret, secretRotation } from '../endpoints/schemas.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schemas that have a name in the documents: the very ones that requests and answers are checked by. */
const named = {
  Accepted: contracts.accepted,
  BudgetReport: contracts.budgetReport,
  CallbackEvent: contracts.callbackEvent,
  CallbackList: callbackList,
  CallbackQuery: callbackQuery,
  CallbackView: contracts.callbackView,
  DeliveryAttempt: contracts.deliveryAttempt,
  EndpointChange: endpointChange,
  EndpointList: endpointList,
  EndpointView: endpointView,
  IngestionEvent: contracts.ingestionEvent,
  IngestionList: contracts.ingestionList,
  IngestionOptions: contracts.ingestionOptions,
  IngestionStatus: contracts.ingestionStatus,
  IngestionSummary: contracts.ingestionSummary,
  IngestionView: contracts.ingestionView,
  Json: contracts.json,
  ListQuery: contracts.listQuery,
  Metadata: contracts.metadata,
  NewSecret: newSecret,
  Problem: contracts.problem,
  SecretRotation: secretRotation,
  SourceReference: contracts.sourceReference,
  StepError: contracts.stepError,
  TaskView: contracts.taskView,
} as const satisfies Record<string, z.ZodType>;

export type SchemaName = keyof typeof named;

export const schemaOf = (name: SchemaName): z.ZodType => named[name];

export const ref = (name: SchemaName): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** All of them as JSON Schema 2020-12, which OpenAPI 3.1 and AsyncAPI 3 take as it is. */
export function componentSchemas(): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/components/schemas/${id}`, override: ({ jsonSchema }) => tidy(jsonSchema) });
  return Object.fromEntries(Object.entries(schemas).map(([name, { $schema: _schema, $id: _id, ...schema }]) => [name, schema as JsonSchema]));
}

/** The properties of an object schema, each as a JSON Schema. */
export function propertiesOf(name: SchemaName): ReadonlyArray<readonly [name: string, schema: JsonSchema]> {
  const properties = componentSchemas()[name]?.['properties'] ?? {};
  return Object.entries(properties as Readonly<Record<string, JsonSchema>>);
}

/** What says how values are kept here, or says the same twice, is nothing to the reader. */
function tidy(schema: Record<string, unknown>): void {
  delete schema['readOnly'];
  if (schema['format'] === 'date-time') delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}
