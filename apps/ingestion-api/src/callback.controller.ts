import { Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { CallbackView } from '@millrace/contracts';
import { RUNTIME, type Runtime } from '@millrace/platform';
import type { RunRecord } from '@millrace/run-store';
import type { FastifyRequest } from 'fastify';
import { findRun } from './find-run.js';
import { callbackOf } from './ingestion-view.js';
import { noCallback, notReplayed } from './refusals.js';
import { REPLAY, type ReplayOf } from './replay.js';
import { tenantOf } from './tenant.js';

/** What becomes of the callback of an ingestion. */
@Controller('v1/ingestions')
export class CallbackController {
  constructor(
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(REPLAY) private readonly replayOf: ReplayOf,
  ) {}

  @Get(':id/deliveries')
  async readDeliveries(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallbackView> {
    return viewOf(await findRun(id, request, this.runtime));
  }

  /** Sends it once more, whatever became of it: the same webhook-id and the same bytes. */
  @Post(':id/callback::replay')
  @HttpCode(202)
  async replay(@Param('id') id: string, @Req() request: FastifyRequest): Promise<CallbackView> {
    const replay = await this.replayOf(tenantOf(request), id);
    if (replay.kind === 'replayed') return viewOf(replay.run);
    throw notReplayed(replay, id);
  }
}

function viewOf(run: RunRecord): CallbackView {
  const callback = callbackOf(run);
  if (callback) return callback;
  throw noCallback();
}
