import type { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { IngestionView } from '@millrace/contracts';
import { RunStarter, StepResults } from '@millrace/engine';
import { ingestionCanvas } from '@millrace/pipeline';
import { RUNTIME, type Runtime } from '@millrace/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkContentType, parseOptions } from './ingestion-request.js';
import { viewOf } from './ingestion-view.js';
import { problem, ProblemError } from './problem.js';
import { DOMAIN_NAMES } from './tokens.js';

/** Until there are API keys, all ingestions belong to one tenant. */
const tenant = 'default';

@Controller('v1/ingestions')
export class IngestionsController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(RunStarter) private readonly starter: RunStarter,
    @Inject(StepResults) private readonly results: StepResults,
    @Inject(DOMAIN_NAMES) private readonly domainNames: readonly string[],
  ) {}

  /** The body is the data. 202 once it is stored and its run is on record: from then on nothing of it is lost. */
  @Post()
  @HttpCode(202)
  async create(@Req() request: FastifyRequest, @Query() query: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    const { config, metrics } = this.runtime;
    const contentType = checkContentType(request.headers['content-type']);
    const options = parseOptions(query, this.domainNames);
    const run = await this.starter.start(
      {
        tenant,
        canvas: ingestionCanvas(options.domains ?? null),
        contentType,
        ...(options.filename === undefined ? {} : { filename: options.filename }),
        ...(options.callback === undefined ? {} : { callbackUrl: options.callback }),
        budgetMs: options.budgetMs ?? config.MILLRACE_BUDGET_MS,
        maxBytes: config.MILLRACE_MAX_BODY_BYTES,
      },
      (request.body ?? request.raw) as Readable,
    );
    metrics.ingestions.inc({ status: 'accepted' });
    void reply.header('location', `/v1/ingestions/${run.id}`);
    return { id: run.id, status: 'accepted', deadlineAt: new Date(run.deadlineAt).toISOString() };
  }

  @Get(':id')
  async read(@Param('id') id: string): Promise<IngestionView> {
    const run = await this.runtime.runs.read(id);
    if (run && run.tenant === tenant) return viewOf(run, this.results);
    throw new ProblemError(problem({ status: 404, code: 'MILLRACE_INGESTION_UNKNOWN', title: 'Not found', detail: `there is no ingestion ${id.slice(0, 64)}` }));
  }
}
