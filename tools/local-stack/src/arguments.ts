import { resolve } from 'node:path';
import { launchErrors } from './errors.js';
import { repositoryRoot } from './service.js';

export const sampleFile = resolve(repositoryRoot, 'samples/orders.csv');

/** The file to send, relative to where npm was called; undefined when help was asked for. */
export function fileFrom(args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  if (args.includes('--help') || args.includes('-h')) return undefined;
  const [file, ...rest] = args;
  if (file?.startsWith('-')) throw launchErrors.error('MILLRACE_LAUNCH_USAGE', `${file}: there is no such option; give one file, or --help`);
  if (rest.length > 0) throw launchErrors.error('MILLRACE_LAUNCH_USAGE', `one file at a time: ${args.join(' ')}`);
  return file === undefined ? sampleFile : resolve(env.INIT_CWD ?? process.cwd(), file);
}

/** The port for the ingestion API from MILLRACE_PORT; 8080 without it. */
export function apiPortFrom(env: NodeJS.ProcessEnv): number {
  const port = Number(env.MILLRACE_PORT ?? 8080);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw launchErrors.error('MILLRACE_LAUNCH_USAGE', `MILLRACE_PORT=${env.MILLRACE_PORT} is not a TCP port: a number from 1 to 65535`);
}

/** The data folder from MILLRACE_DATA_DIR; `.millrace` in the repository without it. */
export const dataDirFrom = (env: NodeJS.ProcessEnv): string => resolve(repositoryRoot, env.MILLRACE_DATA_DIR || '.millrace');
