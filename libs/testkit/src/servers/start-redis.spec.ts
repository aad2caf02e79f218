import { expect, it, vi } from 'vitest';
import type { RedisProbes } from './redis-probes.js';
import type { RedisServer } from './redis-server.js';
import { startRedis, startSharedRedis } from './start-redis.js';

const nothing = async () => {};
const failWith = (message: string) => async () => Promise.reject(new Error(message));
const server = (origin: string): RedisServer => ({ url: `redis://${origin}`, origin, stop: nothing, kill: nothing, restart: nothing });

/** A machine on which every way is open; `closed` closes some. */
function machine(closed: Partial<RedisProbes> = {}): RedisProbes {
  return {
    dockerAnswers: vi.fn<RedisProbes['dockerAnswers']>(async () => true),
    startContainer: vi.fn<RedisProbes['startContainer']>(async () => server('container')),
    findBinary: vi.fn<RedisProbes['findBinary']>(async () => '/usr/bin/redis-server'),
    spawn: vi.fn<RedisProbes['spawn']>(async (binary) => server(binary)),
    canInstall: vi.fn<RedisProbes['canInstall']>(async () => true),
    install: vi.fn<RedisProbes['install']>(nothing),
    ...closed,
  };
}

const noDocker = { dockerAnswers: async () => false };
const noBinary = { findBinary: async () => undefined };
const noRoot = { canInstall: async () => false };

it('takes REDIS_URL before anything else, and neither stops nor kills it', async () => {
  const probes = machine();
  const redis = await startSharedRedis({ env: { REDIS_URL: 'redis://given' }, probes });
  expect(redis.url).toBe('redis://given');
  await redis.stop();
  await expect(redis.kill()).rejects.toThrow('startRedis()');
  expect(probes.dockerAnswers).not.toHaveBeenCalled();
});

it('takes a container when a Docker engine answers', async () => {
  expect(await startSharedRedis({ env: {}, probes: machine() })).toMatchObject({ url: 'redis://container', origin: 'container; REDIS_URL is not set' });
});

it('goes on to the binary when the image cannot be had, and says so', async () => {
  const redis = await startSharedRedis({ env: {}, probes: machine({ startContainer: failWith('no route to registry') }) });
  expect(redis.url).toBe('redis:///usr/bin/redis-server');
  expect(redis.origin).toContain('no route to registry');
});

it('takes the binary when no Docker engine answers', async () => {
  const redis = await startSharedRedis({ env: {}, probes: machine(noDocker) });
  expect(redis.url).toBe('redis:///usr/bin/redis-server');
  expect(redis.origin).toContain('no Docker engine answers');
});

it('installs Redis when nothing else is there, and runs what was installed', async () => {
  const findBinary = vi.fn<RedisProbes['findBinary']>(async () => '/usr/bin/redis-server').mockResolvedValueOnce(undefined);
  const probes = machine({ ...noDocker, findBinary });
  expect((await startSharedRedis({ env: {}, probes })).url).toBe('redis:///usr/bin/redis-server');
  expect(probes.install).toHaveBeenCalledOnce();
});

it('fails with the four ways, and why each is closed, when none is open', async () => {
  const failure = startSharedRedis({ env: {}, probes: machine({ ...noDocker, ...noBinary, ...noRoot }) });
  await expect(failure).rejects.toThrow(
    /REDIS_URL is not set; no Docker engine answers; neither .* is on PATH; not root .* Set REDIS_URL, or start a Docker engine, or put .* on PATH, or run as root/,
  );
});

it('fails when the installation fails', async () => {
  const probes = machine({ ...noDocker, ...noBinary, install: failWith('unable to fetch') });
  await expect(startSharedRedis({ env: {}, probes })).rejects.toThrow('unable to fetch');
});

it('starts a private server as a process although REDIS_URL is set and Docker answers', async () => {
  const redis = await startRedis({ env: { REDIS_URL: 'redis://given' }, probes: machine() });
  expect(redis.url).toBe('redis:///usr/bin/redis-server');
});

it('passes the private server its arguments', async () => {
  const probes = machine();
  await startRedis({ env: {}, probes, args: ['--appendonly', 'yes'] });
  expect(probes.spawn).toHaveBeenCalledWith('/usr/bin/redis-server', expect.objectContaining({ args: ['--appendonly', 'yes'] }));
});
