import type { FastifyInstance } from 'fastify';
import type { Runtime } from '@millrace/platform';
import { Door } from '../door/door.js';
import { problem, ProblemError } from '../problem.js';
import { refuseExpectations } from './client-error.js';
import { securityHeaders } from './headers.js';
import { checkRequestForm } from './request-form.js';
import { limitServer } from './server-options.js';
import { SlowBodies } from './slow-bodies.js';

/** What every request passes before anything reads it, and what ends with the server. */
export class FrontDoor {
  readonly #slowBodies: SlowBodies;
  readonly #door: Door;
  #isDraining = false;

  constructor(runtime: Runtime) {
    this.#slowBodies = new SlowBodies(runtime.clock);
    this.#door = new Door(runtime);
  }

  guard(fastify: FastifyInstance): void {
    limitServer(fastify.server);
    refuseExpectations(fastify.server);
    takeRawBodies(fastify);
    fastify.addHook('onRequest', async (request, reply) => {
      void reply.headers(securityHeaders);
      this.#slowBodies.watch(request.raw);
      if (this.#isDraining) throw draining();
      checkRequestForm(request.raw);
      await this.#door.enter(request, reply);
    });
    this.#slowBodies.start();
  }

  /** From now on requests on connections that are open are sent elsewhere. */
  drain(): void {
    this.#isDraining = true;
    this.#slowBodies.stop();
  }
}

/** Bodies are data, not parameters: whatever the content type, the handler gets the stream. */
function takeRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

const draining = (): ProblemError =>
  new ProblemError(problem({ status: 503, code: 'MILLRACE_INTERNAL', title: 'Temporarily unavailable', detail: 'this process is stopping; another takes the request' }), { connection: 'close' });
