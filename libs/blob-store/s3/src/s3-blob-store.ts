import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  HeadBucketCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { blobErrors, type BlobInfo, type BlobStore, checkKey } from '@millrace/blob-store';
import type { Random } from '@millrace/kernel';
import { ensureBucket } from './bucket.js';
import { MultipartUpload } from './multipart-upload.js';
import { createObject, type ObjectName, objectSize, readObject } from './objects.js';
import { partsOf } from './parts.js';
import { createS3Client } from './s3-client.js';
import { unavailable } from './s3-errors.js';
import { tooLarge } from './too-large.js';

/** Bytes held in memory of a stream; a longer one goes up in parts of this size. */
const partBytes = 8 * 1024 * 1024;

export interface S3BlobStoreOptions {
  readonly bucket: string;
  /** Goes to the S3 client: `region`, `credentials`, and `endpoint` for a store that is not AWS, which gets path-style addresses. */
  readonly client: S3ClientConfig;
  readonly random: Random;
  /** Hears the name of the operation at every request, such as `PutObject`. */
  readonly onCall?: (operation: string) => void;
}

/**
 * Objects in a bucket of S3, or of a compatible store that honours `If-None-Match: *` on writes. Needs the rights to
 * get, put, delete and list. `created` may be false although the object is the caller's: when the answer to a first
 * try was lost.
 */
export class S3BlobStore implements BlobStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(private readonly options: S3BlobStoreOptions) {
    this.#client = createS3Client(options.client, options.onCall);
    this.#bucket = options.bucket;
  }

  async putIfAbsent(key: string, source: Uint8Array | Readable, { maxBytes = Infinity } = {}): Promise<{ created: boolean } & BlobInfo> {
    const object = this.#object(key);
    if (!(source instanceof Uint8Array)) return this.#putStream(object, source, maxBytes);
    if (source.length > maxBytes) throw tooLarge(maxBytes);
    return this.#putBytes(object, source);
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const object = this.#object(key);
    await this.#call(() => this.#client.send(new PutObjectCommand({ ...object, Body: bytes })));
  }

  async get(key: string, { bytes = Infinity } = {}): Promise<Uint8Array> {
    const object = this.#object(key);
    const found = await this.#call(() => readObject(this.#client, object, Math.max(bytes, 1)));
    if (found) return found.subarray(0, bytes);
    throw blobErrors.error('MILLRACE_BLOB_NOT_FOUND', `there is no object ${key}`, { detail: { key } });
  }

  async stat(key: string): Promise<BlobInfo | undefined> {
    const object = this.#object(key);
    const bytes = await this.#call(() => objectSize(this.#client, object));
    return bytes === undefined ? undefined : { bytes };
  }

  async *list(prefix: string): AsyncGenerator<string> {
    if (prefix !== '') checkKey(prefix.replace(/\/$/, ''));
    try {
      for await (const page of paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: prefix })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      }
    } catch (error) {
      throw unavailable(this.#bucket, error);
    }
  }

  async remove(key: string): Promise<void> {
    const object = this.#object(key);
    await this.#call(() => this.#client.send(new DeleteObjectCommand(object)));
  }

  /** Creates the bucket where missing. Refuses a store other than AWS that lets a conditional write replace an object. */
  async prepare(): Promise<void> {
    await this.#call(() => ensureBucket(this.#client, this.#bucket));
    if (this.options.client.endpoint !== undefined) await this.#checkConditionalWrites();
  }

  async ping(): Promise<void> {
    await this.#call(() => this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket })));
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  async #putBytes(object: ObjectName, bytes: Uint8Array): Promise<{ created: boolean } & BlobInfo> {
    const created = await this.#call(() => createObject(this.#client, object, bytes));
    return { created, bytes: bytes.length };
  }

  async #putStream(object: ObjectName, source: Readable, maxBytes: number): Promise<{ created: boolean } & BlobInfo> {
    const parts = partsOf(source, partBytes, maxBytes);
    try {
      const first = await parts.next();
      return first.done ? await this.#putBytes(object, first.value) : await this.#putParts(object, first.value, parts);
    } finally {
      await parts.return(new Uint8Array());
    }
  }

  async #putParts(object: ObjectName, first: Uint8Array, rest: AsyncGenerator<Uint8Array, Uint8Array>): Promise<{ created: boolean } & BlobInfo> {
    const upload = await this.#call(() => MultipartUpload.start(this.#client, object));
    let created = false;
    try {
      let bytes = 0;
      for (let part: IteratorResult<Uint8Array, Uint8Array> = { value: first }; ; part = await rest.next()) {
        const { value } = part;
        await this.#call(() => upload.add(value));
        bytes += value.length;
        if (part.done) break;
      }
      created = await this.#call(() => upload.complete());
      return { created, bytes };
    } finally {
      if (!created) await this.#abandon(upload);
    }
  }

  /** What cannot be aborted now is left to the bucket's rule for incomplete uploads; the first error says why. */
  async #abandon(upload: MultipartUpload): Promise<void> {
    await upload.abort().catch(() => undefined);
  }

  async #checkConditionalWrites(): Promise<void> {
    const key = `probe/${Buffer.from(this.options.random.bytes(12)).toString('hex')}`;
    await this.putIfAbsent(key, new Uint8Array());
    const { created } = await this.putIfAbsent(key, new Uint8Array());
    await this.remove(key);
    if (created) throw unavailable(this.#bucket, 'its store ignores If-None-Match, so one writer could replace what another has stored');
  }

  #object(key: string): ObjectName {
    checkKey(key);
    return { Bucket: this.#bucket, Key: key };
  }

  async #call<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      throw unavailable(this.#bucket, error);
    }
  }
}
