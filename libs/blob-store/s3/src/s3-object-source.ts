import { Readable } from 'node:stream';
import { GetObjectCommand, type S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { blobErrors, type ObjectSource, type OpenedObject, type SourceObject } from '@millrace/blob-store';
import { createS3Client } from './s3-client.js';
import { isS3Error, unavailable } from './s3-errors.js';

/** Objects in any bucket that the credentials may read (`s3:GetObject`). */
export class S3ObjectSource implements ObjectSource {
  readonly #client: S3Client;

  /** `onCall` hears the name of the operation at every request. */
  constructor(client: S3ClientConfig, onCall?: (operation: string) => void) {
    this.#client = createS3Client(client, onCall);
  }

  async open({ bucket, key }: SourceObject): Promise<OpenedObject> {
    try {
      const { Body, ContentLength = 0, ContentType } = await this.#client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const body = Body instanceof Readable ? Body : Readable.from([]);
      return { bytes: ContentLength, ...(ContentType === undefined ? {} : { contentType: ContentType }), body };
    } catch (cause) {
      if (isS3Error(cause, 404, 'NoSuchKey', 'NoSuchBucket')) throw unreadable(`there is no object ${key} in the bucket ${bucket}`, cause);
      if (isS3Error(cause, 401, 403)) throw unreadable(`the bucket ${bucket} does not let this service read ${key}`, cause);
      throw unavailable(bucket, cause);
    }
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }
}

const unreadable = (message: string, cause: unknown): Error => blobErrors.error('MILLRACE_SOURCE_UNREADABLE', message, { cause });
