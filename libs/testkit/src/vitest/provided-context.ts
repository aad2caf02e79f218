/**
 * What the global setup provides to every spec: `import '@millrace/testkit'`, then `inject('redisUrl')`.
 * The servers are shared by all specs of a run: keep to a prefix of your own.
 */
export interface TestServers {
  readonly redisUrl: string;
  readonly sqsEndpoint: string;
  readonly s3Endpoint: string;
  readonly dynamodbEndpoint: string;
}

declare module 'vitest' {
  interface ProvidedContext extends TestServers {}
}
