import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { listenError, NestLog, type Running, type Runtime, RuntimeModule } from '@millrace/platform';
import { AppModule } from './app.module.js';
import { ProblemFilter } from './problem.filter.js';

/** Starts the HTTP server; draining lets requests that were begun end. */
export async function serve(runtime: Runtime): Promise<Running> {
  const { config } = runtime;
  const adapter = new FastifyAdapter({ bodyLimit: config.MILLRACE_MAX_BODY_BYTES, forceCloseConnections: 'idle', routerOptions: { maxParamLength: 64 } });
  const root = { module: AppModule, imports: [RuntimeModule.of(runtime)] };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, { logger: new NestLog(runtime.log), bodyParser: false, abortOnError: false });
  takeRawBodies(app);
  app.useGlobalFilters(new ProblemFilter(runtime.log));
  try {
    await app.listen(config.MILLRACE_PORT, config.MILLRACE_HOST);
  } catch (err) {
    throw listenError(err, config.MILLRACE_PORT, 'MILLRACE_PORT');
  }
  return { drain: () => app.close(), abort: () => adapter.getHttpServer().closeAllConnections() };
}

/** Bodies are data, not parameters: whatever the content type, the handler gets the stream. */
function takeRawBodies(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}
