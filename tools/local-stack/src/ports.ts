import { once } from 'node:events';
import { createServer } from 'node:net';
import { launchErrors } from './errors.js';

const host = '127.0.0.1';

/** `count` different TCP ports on which nothing listens at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** Throws MILLRACE_LAUNCH_PORT_IN_USE unless the ingestion API can listen on `port`. */
export async function requireFreePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE' ? 'is in use' : 'cannot be listened on';
    throw launchErrors.error('MILLRACE_LAUNCH_PORT_IN_USE', `port ${port} ${reason}: stop what listens there, or choose another port, e.g. MILLRACE_PORT=${port + 1} npm start`, { cause });
  }
  await once(server.close(), 'close');
}
