import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { isS3Error } from './s3-errors.js';

export interface ObjectName {
  readonly Bucket: string;
  readonly Key: string;
}

const mostConflicts = 3;

/** False when the key is taken. One request, unless a removal of the object is under way. */
export async function createObject(client: S3Client, object: ObjectName, bytes: Uint8Array): Promise<boolean> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      await client.send(new PutObjectCommand({ ...object, Body: bytes, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      if (isS3Error(error, 'PreconditionFailed', 412)) return false;
      if (!isS3Error(error, 409) || conflicts === mostConflicts) throw error;
    }
  }
}

/** Undefined when there is no such object. */
export async function objectSize(client: S3Client, object: ObjectName): Promise<number | undefined> {
  try {
    const { ContentLength = 0 } = await client.send(new HeadObjectCommand(object));
    return ContentLength;
  } catch (error) {
    if (isS3Error(error, 'NotFound', 404)) return undefined;
    throw error;
  }
}

export const objectExists = async (client: S3Client, object: ObjectName): Promise<boolean> =>
  (await objectSize(client, object)) !== undefined;

/** All of the object, or its first `bytes` bytes, at least one; undefined when there is no such object. */
export async function readObject(client: S3Client, object: ObjectName, bytes: number): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ ...object, ...(bytes < Infinity && { Range: `bytes=0-${bytes - 1}` }) }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (isS3Error(error, 'NoSuchKey')) return undefined;
    if (isS3Error(error, 'InvalidRange', 416)) return new Uint8Array(); // an empty object has no first byte
    throw error;
  }
}
