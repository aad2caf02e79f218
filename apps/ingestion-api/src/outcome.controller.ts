import { Readable } from 'node:stream';
import { Controller, Get, Header, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { RUNTIME, type Runtime } from '@millrace/platform';
import type { RunRecord } from '@millrace/run-store';
import type { LinkQuery } from '@millrace/webhooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventStream, lastEventIdOf } from './events.js';
import { findRun } from './find-run.js';
import { follow, isSettled, lookMs } from './follow.js';
import { OpenStreams } from './open-streams.js';
import { Outcomes } from './outcomes.js';
import { open, over, unknown } from './refusals.js';

/** What comes of an ingestion, while it happens and at the end. */
@Controller('v1/ingestions')
export class OutcomeController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(Outcomes) private readonly outcomes: Outcomes,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  @Get(':id/results')
  @Header('content-type', 'application/json')
  async readResults(@Param('id') id: string, @Query() query: LinkQuery, @Req() request: FastifyRequest): Promise<Uint8Array> {
    const run = await this.#find(id, query, request);
    if (run.status === 'cancelled') throw over('it was cancelled, so it has no results');
    if (!isSettled(run)) throw open();
    return this.outcomes.bytesOf(run);
  }

  @Get(':id/events')
  async watch(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await findRun(id, request, this.runtime);
    const signal = this.streams.open(reply.raw);
    const records = follow(id, { scope: 'all', lookMs, signal }, this.runtime);
    void reply.header('content-type', 'text/event-stream');
    await reply.send(Readable.from(eventStream(records, lastEventIdOf(request.headers['last-event-id']))));
  }

  /** A link that a callback told is good for whoever has it. */
  async #find(id: string, query: LinkQuery, request: FastifyRequest): Promise<RunRecord> {
    if (query.signature === undefined) return findRun(id, request, this.runtime);
    const run = this.outcomes.isLinked(id, query) ? await this.runtime.runs.read(id) : undefined;
    if (run) return run;
    throw unknown(id);
  }
}
