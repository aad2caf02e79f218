import type { AddressInfo } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { listenError, NestLog, type Running, type Runtime, RuntimeModule } from '@millrace/platform';
import { AppModule } from './app.module.js';
import { answerClientError } from './http/client-error.js';
import { FrontDoor } from './http/front-door.js';
import { serverOptions } from './http/server-options.js';
import { OpenStreams } from './open-streams.js';
import { ProblemFilter, sendProblem } from './problem.filter.js';

/** A route as the router has it. */
export interface Route {
  readonly method: string;
  readonly url: string;
}

/** A server that listens. */
export interface Serving extends Running {
  readonly port: number;
  readonly routes: readonly Route[];
}

/** Starts the HTTP server; draining lets requests that were begun end. */
export async function serve(runtime: Runtime): Promise<Serving> {
  const { config } = runtime;
  const door = new FrontDoor(runtime);
  const app = await createApp(runtime);
  const fastify = app.getHttpAdapter().getInstance();
  door.guard(fastify);
  const routes: Route[] = [];
  fastify.addHook('onRoute', ({ method, url }) => void routes.push(...[method].flat().map((one) => ({ method: one, url }))));
  try {
    await app.listen(config.MILLRACE_PORT, config.MILLRACE_HOST);
  } catch (err) {
    throw listenError(err, config.MILLRACE_PORT, 'MILLRACE_PORT');
  }
  const drain = async (): Promise<void> => {
    door.drain();
    app.get(OpenStreams).closeAll();
    await app.close();
  };
  return { port: (fastify.server.address() as AddressInfo).port, routes, drain, abort: () => fastify.server.closeAllConnections() };
}

async function createApp(runtime: Runtime): Promise<NestFastifyApplication> {
  const { config } = runtime;
  const adapter = new FastifyAdapter({
    ...serverOptions,
    bodyLimit: config.MILLRACE_MAX_BODY_BYTES,
    clientErrorHandler: answerClientError,
    frameworkErrors: (err: FastifyError, request: FastifyRequest, reply: FastifyReply) => void sendProblem(err, { request, reply }, runtime),
  });
  const root = { module: AppModule, imports: [RuntimeModule.of(runtime)] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: new NestLog(runtime.log), bodyParser: false, abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(runtime));
  return app;
}
