import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:http';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { startRedisContainer } from './redis-container.js';
import { spawnRedis } from './redis-process.js';
import type { RedisOptions, RedisServer } from './redis-server.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the choice of a Redis asks of the machine. */
export interface RedisProbes {
  dockerAnswers(env: Environment): Promise<boolean>;
  /** Rejects when the image cannot be had. */
  startContainer(options: RedisOptions): Promise<RedisServer>;
  findBinary(env: Environment): Promise<string | undefined>;
  spawn(binary: string, options: RedisOptions): Promise<RedisServer>;
  canInstall(): Promise<boolean>;
  install(env: Environment): Promise<void>;
}

export const machineProbes: RedisProbes = {
  dockerAnswers: (env) => answers(dockerAddress(env.DOCKER_HOST ?? 'unix:///var/run/docker.sock')),
  startContainer: startRedisContainer,
  findBinary,
  spawn: spawnRedis,
  canInstall: async () => process.getuid?.() === 0 && (await permits('/etc/debian_version', constants.R_OK)),
  install,
};

function dockerAddress(host: string): RequestOptions {
  const url = new URL(host);
  return url.protocol === 'unix:' ? { socketPath: url.pathname } : { host: url.hostname, port: url.port };
}

function answers(address: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ ...address, path: '/_ping', timeout: 1000 }, (response) => {
      response.resume();
      resolve(true);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.end();
  });
}

async function findBinary(env: Environment): Promise<string | undefined> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
      const file = join(folder, name);
      if (await permits(file, constants.X_OK)) return file;
    }
  }
  return undefined;
}

function permits(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

async function install(env: Environment): Promise<void> {
  const run = promisify(execFile);
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update'], quiet);
  await run('apt-get', ['install', '-y', 'redis-server'], quiet);
}
