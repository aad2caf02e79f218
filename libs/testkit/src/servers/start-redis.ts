import { messageOf } from '@millrace/kernel';
import { type Environment, machineProbes, type RedisProbes } from './redis-probes.js';
import type { RedisOptions, RedisServer } from './redis-server.js';

/** One way of having a Redis: the server, or why this way is closed here. */
type Way = (options: RedisOptions) => Promise<RedisServer | string>;

export interface RedisChoice {
  readonly env: Environment;
  readonly probes?: RedisProbes;
}

/**
 * The Redis that specs share: `REDIS_URL`, else a container, else a server binary on PATH, else one installed by apt.
 * Rejects, saying what was tried, when there is none.
 */
export function startSharedRedis({ env, probes = machineProbes }: RedisChoice): Promise<RedisServer> {
  return firstOpen([given(env), container(env, probes), binary(env, probes), installed(env, probes)], {});
}

/** A Redis of one's own, to kill and start again. Never the one at `REDIS_URL`; a plain process if it can be. */
export function startRedis(options: RedisOptions & Partial<RedisChoice> = {}): Promise<RedisServer> {
  const { env = process.env, probes = machineProbes } = options;
  return firstOpen([binary(env, probes), container(env, probes), installed(env, probes)], options);
}

async function firstOpen(ways: readonly Way[], options: RedisOptions): Promise<RedisServer> {
  const closed: string[] = [];
  for (const way of ways) {
    const outcome = await way(options);
    if (typeof outcome !== 'string') return { ...outcome, origin: [outcome.origin, ...closed].join('; ') };
    closed.push(outcome);
  }
  throw new Error(
    `No Redis for the tests: ${closed.join('; ')}. Set REDIS_URL, or start a Docker engine, or put redis-server or ` +
      'valkey-server on PATH, or run as root on Debian or Ubuntu, where it is installed with apt-get.',
  );
}

function given(env: Environment): Way {
  return async () => {
    if (!env.REDIS_URL) return 'REDIS_URL is not set';
    return { url: env.REDIS_URL, origin: 'REDIS_URL', stop: leaveAlone, kill: refuse, restart: refuse };
  };
}

async function leaveAlone(): Promise<void> {}

async function refuse(): Promise<never> {
  throw new Error('the Redis at REDIS_URL is not for tests to kill; use startRedis()');
}

function container(env: Environment, probes: RedisProbes): Way {
  return async (options) => {
    if (!(await probes.dockerAnswers(env))) return 'no Docker engine answers';
    return await probes.startContainer(options).catch((error: unknown) => `no container could be started (${messageOf(error)})`);
  };
}

function binary(env: Environment, probes: RedisProbes): Way {
  return async (options) => {
    const found = await probes.findBinary(env);
    return found ? await probes.spawn(found, options) : 'neither redis-server nor valkey-server is on PATH';
  };
}

function installed(env: Environment, probes: RedisProbes): Way {
  return async (options) => {
    if (!(await probes.canInstall())) return 'not root on Debian or Ubuntu';
    const failure = await probes.install(env).catch((error: unknown) => `apt-get could not install redis-server (${messageOf(error)})`);
    return failure ?? (await binary(env, probes)(options));
  };
}
