import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defineErrors } from '@millrace/kernel';
import type { Metrics } from '@millrace/telemetry';

export const listenErrors = defineErrors({
  MILLRACE_PORT_IN_USE: { retryable: false, help: 'Another program listens on that port; stop it, or choose another with MILLRACE_PORT or MILLRACE_HEALTH_PORT.' },
});

/** Turns a failed listen into a sentence. */
export function listenError(cause: unknown, port: number, variable: string): unknown {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')) return cause;
  return listenErrors.error('MILLRACE_PORT_IN_USE', `port ${port} is in use; stop what listens there or choose another with ${variable}`, { cause });
}

/**
 * Liveness, readiness and metrics of one process. Live: its event loop answers, nothing else. Started: models and pools
 * are ready and it takes work, or has taken. Ready: it has started, is not draining, and its stores and broker answer.
 */
export class HealthServer {
  readonly #server: Server;
  #ready = false;
  #started = false;

  constructor(
    private readonly metrics: Metrics,
    private readonly ping: () => Promise<void>,
  ) {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Resolves with the port, which the system chooses when `port` is 0. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (err) => reject(listenError(err, port, 'MILLRACE_HEALTH_PORT')));
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** What /health/ready says from now on. */
  setReady(ready: boolean): void {
    this.#started ||= ready;
    this.#ready = ready;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    switch (request.url) {
      case '/health/live':
        return reply(200, 'live\n');
      case '/health/started':
        return this.#started ? reply(200, 'started\n') : reply(503, 'starting\n');
      case '/health/ready':
        return this.#answerReady(reply);
      case '/metrics':
        return reply(200, await this.metrics.registry.metrics(), this.metrics.registry.contentType);
      default:
        return reply(404, 'there is /health/live, /health/started, /health/ready and /metrics\n');
    }
  }

  async #answerReady(reply: (status: number, body: string) => void): Promise<void> {
    if (!this.#ready) return reply(503, 'starting or draining\n');
    try {
      await this.ping();
      reply(200, 'ready\n');
    } catch (err) {
      reply(503, `${err instanceof Error ? err.message : String(err)}\n`);
    }
  }
}
