import { readFileSync } from 'node:fs';
import { defineErrors } from '@millrace/kernel';
import { z } from 'zod';

export const configErrors = defineErrors({
  MILLRACE_CONFIG: { retryable: false, help: 'An environment variable is missing or wrong; the message names it. See docs/config.md.' },
});

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = z.string().transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean));

const poolKind = z.enum(['async', 'thread', 'prefork']);
/** `prefork`, or `analyses=prefork,datasets=thread`; a word alone is for all queues. */
const pools = list.pipe(z.array(z.string().transform((entry) => (entry.includes('=') ? entry : `*=${entry}`).split('=')).pipe(z.tuple([z.string().min(1), poolKind]))));

/** Every environment variable a service reads, with its default. The only place where they are named. */
export const environment = {
  MILLRACE_PROFILE: z.enum(['aws', 'redis']).default('aws').describe('Broker and stores: SQS, DynamoDB and S3, or Redis and a folder'),
  MILLRACE_PREFIX: z.string().regex(/^[a-z0-9-]{1,32}$/).default('millrace').describe('Begins the names of queues, tables and keys, so that deployments can share a broker'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional().describe('Redis, for the redis profile'),
  MILLRACE_DATA_DIR: z.string().default('.millrace/data').describe('Folder of the file-system blob store, for the redis profile'),
  AWS_REGION: z.string().default('us-east-1').describe('Region of SQS, DynamoDB and S3'),
  MILLRACE_SQS_ENDPOINT: z.url().optional().describe('SQS somewhere else than in AWS'),
  MILLRACE_DYNAMODB_ENDPOINT: z.url().optional().describe('DynamoDB somewhere else than in AWS'),
  MILLRACE_S3_ENDPOINT: z.url().optional().describe('S3 somewhere else than in AWS'),
  MILLRACE_S3_BUCKET: z.string().default('millrace').describe('Bucket of the blob store, for the aws profile'),
  MILLRACE_DYNAMODB_TABLE: z.string().default('millrace-runs').describe('Table of the run records, for the aws profile'),
  MILLRACE_HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 in a container'),
  MILLRACE_PORT: port.default(8080).describe('Port of the ingestion API'),
  MILLRACE_PUBLIC_URL: z.url().optional().describe('Where clients reach the ingestion API; for links in callbacks'),
  MILLRACE_HEALTH_PORT: port.default(9090).describe('Port of /health/live, /health/started, /health/ready and /metrics'),
  MILLRACE_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).optional().describe('Handlers at work at once in this process, or children; default: by service, children one for each processor that the container may use'),
  MILLRACE_POOL: pools.optional().describe('Where handlers run, async, thread or prefork: one word for all queues, or queue=word, comma separated; default: as the queues say. See docs/pools.md'),
  MILLRACE_POOL_MIN: z.coerce.number().int().min(1).max(1_000).optional().describe('Children at least, of a thread or prefork pool; more while all are at work, up to MILLRACE_CONCURRENCY. Default: no fewer than that'),
  MILLRACE_POOL_MAX_TASKS: z.coerce.number().int().min(1).optional().describe('A child is replaced after as many tries; default: never'),
  MILLRACE_POOL_MAX_MEMORY_MB: z.coerce.number().int().min(1).optional().describe('A child that holds more is replaced after its try; default: never'),
  MILLRACE_QUEUES: list.optional().describe('Queues this worker serves, comma separated; with a dash before each, those of the service without these; default: those of the service'),
  MILLRACE_DOMAINS: list.default(['all']).describe('Domains of this deployment; "all" stands for every domain there is, "bench" for the ones for load tests'),
  MILLRACE_RESULT_CACHE: flag.default(true).describe('Give results again that were worked out before from the same bytes, for tasks that allow it. See docs/result-cache.md'),
  MILLRACE_MODEL_DIR: z.string().optional().describe('Folder with models that take the place of those in the code; looked at every 5 s. See docs/models.md'),
  MILLRACE_MODEL_THREADS: z.coerce.number().int().min(1).max(64).optional().describe('Cores that one run of a model may use; processes times threads should be the cores. Default: 1, in a pool of children the processors over the children'),
  MILLRACE_MODEL_BATCH_WINDOW_MS: z.coerce.number().min(0).max(100).default(0).describe('How long a call of a model may wait for others to run with, if the time left allows; 0: only while another runs'),
  MILLRACE_BUDGET_MS: z.coerce.number().int().min(1_000).max(300_000).default(10_000).describe('Milliseconds from ingestion to callback, unless the request says otherwise'),
  MILLRACE_MAX_BODY_BYTES: z.coerce.number().int().min(1).default(100 * 1024 * 1024).describe('Largest ingestion, in bytes'),
  MILLRACE_IDEMPOTENCY_SECRET: z.string().min(16).optional().describe('Makes ids of ingestions out of idempotency keys, so that nobody can guess them; the same for all processes of the API, and never changed'),
  MILLRACE_SOURCE_BUCKETS: list.default([]).describe('Buckets of S3 whose objects may be ingested by reference, comma separated, for the aws profile'),
  MILLRACE_AUTH: z.enum(['none', 'required']).default('none').describe('Whether callers of the ingestion API need an API key or token; without, all are the tenant "default"'),
  MILLRACE_API_KEY: z.string().min(1).optional().describe('What the command line sends to the ingestion API as its API key or token; services do not read it'),
  MILLRACE_API_KEY_PEPPER: z.string().min(16).optional().describe('API keys are stored as HMACs under this secret; the same for all processes, and changing it voids all keys. Needed with MILLRACE_AUTH=required'),
  MILLRACE_JWKS_URL: z.url().optional().describe('Where the keys are published that JSON web tokens are signed with; without, only API keys are taken'),
  MILLRACE_JWT_ISSUER: z.string().optional().describe('Issuer of JSON web tokens; needed with MILLRACE_JWKS_URL'),
  MILLRACE_JWT_AUDIENCE: z.string().default('millrace').describe('Audience that JSON web tokens must be for'),
  MILLRACE_TENANT_PER_MINUTE: z.coerce.number().positive().optional().describe('Ingestions a minute that a tenant may send, unless it has a limit of its own; default: no limit'),
  MILLRACE_TENANT_MAX_IN_FLIGHT: z.coerce.number().int().positive().optional().describe('Ingestions of a tenant that may be under way at once, unless it has a limit of its own; default: a fair share'),
  MILLRACE_CALLBACK_SECRETS: list.optional().describe('Signing secrets (whsec_…), comma separated; a callback is signed with each'),
  MILLRACE_KEYS: list.default([]).describe('Keys of this deployment, comma separated, each the base64 of 32 bytes: the first encrypts stored secrets and signs links to results, the others are still good for what was made with them'),
  MILLRACE_CALLBACK_ALLOW_PRIVATE: flag.default(false).describe('Allow http and private addresses as callback URLs; for local use only'),
  MILLRACE_INLINE_RESULT_BYTES: z.coerce.number().int().min(0).max(262_144).default(20_480).describe('Largest callback body that carries results inline'),
  MILLRACE_DRAIN_MS: z.coerce.number().int().min(0).default(25_000).describe('How long a stopping service waits for what it has begun'),
  MILLRACE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('Least severe log lines to write'),
} as const;

const schema = z.object(environment).superRefine((config, ctx) => {
  if (config.MILLRACE_PROFILE === 'redis' && !config.REDIS_URL) {
    ctx.addIssue({ code: 'custom', path: ['REDIS_URL'], message: 'is needed with MILLRACE_PROFILE=redis, for example redis://127.0.0.1:6379' });
  }
  if (config.MILLRACE_AUTH === 'required' && !config.MILLRACE_API_KEY_PEPPER) {
    ctx.addIssue({ code: 'custom', path: ['MILLRACE_API_KEY_PEPPER'], message: 'is needed with MILLRACE_AUTH=required; make one with openssl rand -base64 32' });
  }
  if (config.MILLRACE_JWKS_URL && !config.MILLRACE_JWT_ISSUER) {
    ctx.addIssue({ code: 'custom', path: ['MILLRACE_JWT_ISSUER'], message: 'is needed with MILLRACE_JWKS_URL' });
  }
});

export type Config = z.infer<typeof schema>;

/** Reads a service's configuration. Throws MILLRACE_CONFIG with one line per wrong variable. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const parsed = schema.safeParse(withFiles(env));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw configErrors.error('MILLRACE_CONFIG', lines.join('\n'));
}

/** `NAME_FILE` holds the path of a file with the value of `NAME`, as mounted secrets have it. Empty values count as absent. */
function withFiles(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const read = (name: string): string | undefined => {
    const file = env[`${name}_FILE`];
    return env[name] || (file ? readSecret(`${name}_FILE`, file) : undefined);
  };
  return Object.fromEntries(Object.keys(environment).map((name) => [name, read(name)]));
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw configErrors.error('MILLRACE_CONFIG', `${name}: the file ${file} cannot be read`, { cause });
  }
}
