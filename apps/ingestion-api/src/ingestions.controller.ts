import { Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Accepted, type IngestionList, type IngestionView, listQuery } from '@millrace/contracts';
import { StepResults } from '@millrace/engine';
import { RUNTIME, type Runtime } from '@millrace/platform';
import type { RunRecord } from '@millrace/run-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { findRun } from './find-run.js';
import { follow, isSettled, lookMs } from './follow.js';
import { acceptedOf, viewOf } from './ingestion-view.js';
import { Beginnings } from './intake/begin.js';
import { parseQuery } from './intake/options.js';
import { listIngestions } from './listing.js';
import { OpenStreams } from './open-streams.js';
import { preferredWait } from './prefer.js';
import { over, unknown } from './refusals.js';
import { tenantOf } from './tenant.js';

@Controller('v1/ingestions')
export class IngestionsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(Beginnings) private readonly beginnings: Beginnings,
    @Inject(StepResults) private readonly results: StepResults,
    @Inject(OpenStreams) private readonly streams: OpenStreams,
  ) {}

  /** 202 once the data is stored and its run is on record: from then on nothing of it is lost. 200 if it is over within the wait. */
  @Post()
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Accepted | IngestionView> {
    const wait = preferredWait(request.headers['prefer']);
    const { run, replayed } = await this.beginnings.begin(request);
    this.runtime.metrics.ingestions.inc({ status: replayed ? 'replayed' : 'accepted' });
    void reply.header('location', `/v1/ingestions/${run.id}`);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    const record = wait === undefined ? run : await this.#wait(run, wait, reply);
    void reply.status(wait !== undefined && isSettled(record) ? 200 : 202);
    return wait !== undefined && isSettled(record) ? viewOf(record, this.results) : acceptedOf(run);
  }

  @Get()
  list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<IngestionList> {
    return listIngestions(tenantOf(request), parseQuery(listQuery, query), this.runtime.runs);
  }

  @Get(':id')
  async read(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<IngestionView> {
    const wait = preferredWait(request.headers['prefer']);
    const run = await findRun(id, request, this.runtime);
    return viewOf(wait === undefined ? run : await this.#wait(run, wait, reply), this.results);
  }

  /** Nothing more of it is begun, and what is at work is told. A cancelled ingestion has no results and no callback. */
  @Delete(':id')
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<IngestionView> {
    await findRun(id, request, this.runtime);
    const cancelled = await this.runtime.runs.cancel(id, { frozenAt: this.runtime.clock.now(), reason: 'cancelled by its sender' });
    if (!cancelled) throw unknown(id);
    if (cancelled.run.status !== 'cancelled') throw over('it is over already, so it cannot be cancelled');
    return viewOf(cancelled.run, this.results);
  }

  async #wait(run: RunRecord, seconds: number, reply: FastifyReply): Promise<RunRecord> {
    void reply.header('preference-applied', `wait=${seconds}`);
    if (isSettled(run)) return run;
    const signal = AbortSignal.any([this.streams.open(reply.raw), this.streams.after(seconds * 1000)]);
    let last = run;
    for await (const record of follow(run.id, { scope: 'end', lookMs, signal }, this.runtime)) {
      last = record;
      if (isSettled(record)) break;
    }
    return last;
  }
}
