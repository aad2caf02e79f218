import { version } from './openapi.js';
import { componentSchemas, type JsonSchema, ref } from './schemas.js';

const header = (description: string): JsonSchema => ({ type: 'string', description });

/** The callbacks as AsyncAPI 3: what a receiver gets. */
export const asyncapi = (): JsonSchema => ({
  asyncapi: '3.0.0',
  info: { title: 'Millrace callbacks', version, description: 'POSTed to the `callback` of an ingestion until somebody answers 2xx, at least once, by Standard Webhooks 1.0.0.' },
  defaultContentType: 'application/json',
  channels: {
    callback: { address: null, title: 'The callback of an ingestion', messages: { outcome: { $ref: '#/components/messages/outcome' } } },
  },
  operations: {
    receiveOutcome: { action: 'receive', channel: { $ref: '#/channels/callback' }, summary: 'Take the outcome of an ingestion', bindings: { http: { method: 'POST' } } },
  },
  components: {
    messages: {
      outcome: {
        name: 'outcome',
        title: 'The outcome of an ingestion',
        headers: {
          type: 'object',
          required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
          properties: {
            'webhook-id': header('The same on every attempt; go by it to do nothing twice'),
            'webhook-timestamp': header('When this attempt was made, in seconds since 1970; refuse what is older than five minutes'),
            'webhook-signature': header('One or more, with blanks between: v1, and the base64 of the HMAC-SHA256 of id.timestamp.body; or v1a, and an Ed25519 signature of the same'),
            'webhook-attempt': header('Counts the attempts from 1; not signed'),
          },
        },
        payload: ref('CallbackEvent'),
      },
    },
    schemas: componentSchemas(),
  },
});
