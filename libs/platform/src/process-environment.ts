import { existsSync } from 'node:fs';
import { type Config, readConfig } from './config.js';

/** The configuration of this process. */
export const configFromProcess = (): Config => readConfig(process.env);

/** Where `npm start` says how to reach what it has started. */
const localStack = '.millrace/stack.env';

/** Variables that say which deployment is meant. */
const places = ['MILLRACE_PROFILE', 'REDIS_URL', 'AWS_REGION', 'MILLRACE_SQS_ENDPOINT', 'MILLRACE_DYNAMODB_ENDPOINT', 'MILLRACE_PUBLIC_URL'] as const;

/**
 * The configuration of an operator's tool: that of its environment or, when that names no deployment, of the stack that
 * `npm start` runs in this folder.
 */
export function configOfOperator(): Config {
  if (places.every((name) => !process.env[name]) && existsSync(localStack)) process.loadEnvFile(localStack);
  return configFromProcess();
}
