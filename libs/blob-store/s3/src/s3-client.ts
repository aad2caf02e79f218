import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

const defaults = {
  // The signature covers the bytes already, and references to artifacts carry a hash of their own.
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} satisfies S3ClientConfig;

/** `onCall` hears the name of the operation at every request, repeated ones included: what AWS bills. */
export function createS3Client(config: S3ClientConfig, onCall?: (operation: string) => void): S3Client {
  const client = new S3Client({ ...defaults, forcePathStyle: config.endpoint !== undefined, ...config });
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
