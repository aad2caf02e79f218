import type { BlobStore } from '@millrace/blob-store';
import type { Random } from '@millrace/kernel';
import type { Profile } from './adapters.js';

interface BlobDeps {
  readonly random: Random;
  /** Told of each request to S3. */
  readonly onCall?: (operation: string) => void;
}

/** The profile's blob store alone; what a pool's child needs of the profile. */
export async function openBlobs(profile: Profile, { random, onCall }: BlobDeps): Promise<BlobStore> {
  if (profile.profile === 'redis') {
    const { FilesystemBlobStore } = await import('@millrace/blob-store-filesystem');
    return new FilesystemBlobStore({ root: profile.dataDir, random });
  }
  const { S3BlobStore } = await import('@millrace/blob-store-s3');
  const endpoint = profile.endpoints?.s3;
  return new S3BlobStore({ client: { region: profile.region, ...(endpoint === undefined ? {} : { endpoint }) }, bucket: profile.bucket, random, ...(onCall && { onCall }) });
}
