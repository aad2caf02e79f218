import { join, resolve } from 'node:path';
import type { ProcessSpec } from './managed-process.js';
import { answers } from './answers.js';
import { freePorts } from './ports.js';
import type { Profile } from './profile.js';

/** What the services' broker and stores run on: their settings, and a process to start first, if any. */
export interface Backend {
  readonly env: Readonly<Record<string, string>>;
  readonly emulators?: Pick<ProcessSpec, 'command' | 'isReady'>;
}

/** Everything kept on disk goes below `dataDir`. */
export async function backendOf(profile: Profile, dataDir: string): Promise<Backend> {
  if (profile.name === 'aws') return await emulatedAws(resolve(dataDir, 'aws'));
  return { env: { MILLRACE_PROFILE: 'redis', REDIS_URL: profile.url, MILLRACE_DATA_DIR: resolve(dataDir, 'blobs') } };
}

async function emulatedAws(folder: string): Promise<Backend> {
  const [sqsAndS3 = 0, dynamodb = 0] = await freePorts(2);
  const sqsAndS3Url = `http://127.0.0.1:${sqsAndS3}`;
  const dynamodbUrl = `http://127.0.0.1:${dynamodb}`;
  return {
    env: {
      MILLRACE_PROFILE: 'aws',
      MILLRACE_SQS_ENDPOINT: sqsAndS3Url,
      MILLRACE_S3_ENDPOINT: sqsAndS3Url,
      MILLRACE_DYNAMODB_ENDPOINT: dynamodbUrl,
      MILLRACE_S3_BUCKET: 'millrace',
      MILLRACE_DYNAMODB_TABLE: 'millrace',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
    emulators: {
      command: [join(import.meta.dirname, '../dist/emulators-process.js'), folder, String(sqsAndS3), String(dynamodb)],
      isReady: async () => (await answers(sqsAndS3Url)) && (await answers(dynamodbUrl)),
    },
  };
}
