import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';

/** Names and values together. One more is read than is taken, so that it can be told. */
export const mostHeaders = 64;

/** Times in milliseconds. The rate of a body is looked after by SlowBodies, as a fixed time would not fit every size. */
export const serverOptions = {
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024, requireHostHeader: false },
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  maxRequestsPerSocket: 1_000,
  forceCloseConnections: 'idle',
  exposeHeadRoutes: false,
  return503OnClosing: false,
  routerOptions: { maxParamLength: 250 },
} satisfies FastifyHttpOptions<Server>;

const mostConnections = 10_000;

/** What can only be set on the server itself. */
export function limitServer(server: Server): void {
  server.maxHeadersCount = mostHeaders + 1;
  server.maxConnections = mostConnections;
}
