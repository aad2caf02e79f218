import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

// The SDK repeats a request that fails after 25 to 100 ms; connections are kept alive.
const defaults = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
} satisfies DynamoDBClientConfig;

/** `onCall` hears the name of the operation at every request, repeated ones included: what AWS bills. */
export function createDynamodbClient(config: DynamoDBClientConfig, onCall?: (operation: string) => void): DynamoDBClient {
  const client = new DynamoDBClient({ ...defaults, ...config });
  if (onCall) {
    client.middlewareStack.add(
      (next, context) => (request) => {
        onCall((context.commandName ?? '').replace(/Command$/, ''));
        return next(request);
      },
      { step: 'finalizeRequest', priority: 'low', name: 'millraceOnCall' },
    );
  }
  return client;
}
