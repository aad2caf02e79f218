import { type BucketLocationConstraint, CreateBucketCommand, HeadBucketCommand, type S3Client, waitUntilBucketExists } from '@aws-sdk/client-s3';
import { isS3Error } from './s3-errors.js';

/** Creates the bucket unless it exists; may run in several processes at the same time. */
export async function ensureBucket(client: S3Client, Bucket: string): Promise<void> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }));
  } catch (error) {
    if (!isS3Error(error, 404)) throw error;
    await createBucket(client, Bucket);
    await waitUntilBucketExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 2 }, { Bucket });
  }
}

async function createBucket(client: S3Client, Bucket: string): Promise<void> {
  const region = await client.config.region();
  const where = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
  try {
    await client.send(new CreateBucketCommand({ Bucket, ...where }));
  } catch (error) {
    if (!isS3Error(error, 'BucketAlreadyOwnedByYou', 'OperationAborted')) throw error; // another process creates it
  }
}
