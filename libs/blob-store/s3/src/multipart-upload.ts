import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { objectExists, type ObjectName } from './objects.js';
import { isS3Error } from './s3-errors.js';

/** An object that arrives part by part, and is there all at once when it is completed. Rejects with the SDK's errors. */
export class MultipartUpload {
  readonly #parts: CompletedPart[] = [];

  private constructor(
    private readonly client: S3Client,
    private readonly object: ObjectName,
    private readonly id: string | undefined,
  ) {}

  static async start(client: S3Client, object: ObjectName): Promise<MultipartUpload> {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
    return new MultipartUpload(client, object, UploadId);
  }

  async add(bytes: Uint8Array): Promise<void> {
    const PartNumber = this.#parts.length + 1;
    const { ETag } = await this.client.send(new UploadPartCommand({ ...this.object, UploadId: this.id, PartNumber, Body: bytes }));
    this.#parts.push({ PartNumber, ETag });
  }

  /** False when the key is taken; then the upload remains to be aborted. */
  async complete(): Promise<boolean> {
    const about = { ...this.object, UploadId: this.id, MultipartUpload: { Parts: this.#parts }, IfNoneMatch: '*' };
    try {
      await this.client.send(new CompleteMultipartUploadCommand(about));
      return true;
    } catch (error) {
      if (isS3Error(error, 'PreconditionFailed', 412)) return false;
      // A conflict needs the source again. A lost upload was completed by a first try whose answer did not come.
      if (isS3Error(error, 409, 'NoSuchUpload') && (await objectExists(this.client, this.object))) return false;
      throw error;
    }
  }

  async abort(): Promise<void> {
    await this.client.send(new AbortMultipartUploadCommand({ ...this.object, UploadId: this.id }));
  }
}
