import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { launchErrors } from './errors.js';

const host = '127.0.0.1';

/** Below the ports that outgoing connections get by themselves, so that none of those takes one before its server listens. */
const range = { from: 20_000, to: 32_000 };

/** `count` different TCP ports on which nothing listens at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  while (held.size < count) {
    const port = randomInt(range.from, range.to);
    const server = held.has(port) ? undefined : await listen(port).catch(() => undefined);
    if (server) held.set(port, server);
  }
  await Promise.all([...held.values()].map(close));
  return [...held.keys()];
}

/** Throws MILLRACE_LAUNCH_PORT_IN_USE unless the ingestion API can listen on `port`. */
export async function requireFreePort(port: number): Promise<void> {
  try {
    await close(await listen(port));
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE' ? 'is in use' : 'cannot be listened on';
    throw launchErrors.error('MILLRACE_LAUNCH_PORT_IN_USE', `port ${port} ${reason}: stop what listens there, or choose another port, e.g. MILLRACE_PORT=${port + 1} npm start`, { cause });
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await once(server.listen(port, host), 'listening');
  return server;
}

const close = (server: Server): Promise<unknown> => once(server.close(), 'close');
