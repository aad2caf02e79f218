import { freePort } from './free-port.js';
import { type RedisOptions, type RedisServer, volatileArgs } from './redis-server.js';

const image = 'redis:7.4.2-alpine';

/** Runs Redis in a container. Rejects when the image cannot be had. */
export async function startRedisContainer({ args = [] }: RedisOptions = {}): Promise<RedisServer> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers');
  const host = await freePort(); // a port given by Docker would change at a restart
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: 6379, host })
    .withCommand(['redis-server', ...volatileArgs, ...args])
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .start();
  return {
    url: `redis://${container.getHost()}:${host}`,
    origin: `container of ${image}`,
    stop: async () => void (await container.stop()),
    kill: async () => {
      const runtime = await getContainerRuntimeClient();
      await runtime.container.getById(container.getId()).kill({ signal: 'SIGKILL' });
    },
    restart: () => container.restart(),
  };
}
