import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { type DeadCallback, DeadCallbacks } from '@millrace/webhooks';
import type { FastifyRequest } from 'fastify';
import { parseQuery } from '../intake/options.js';
import { tenantOf } from '../tenant.js';
import { type CallbackList, callbackQuery } from './schemas.js';

const usualLimit = 20;

/** The callbacks that nobody took. */
@Controller('v1/callbacks')
export class CallbacksController {
  constructor(@Inject(DeadCallbacks) private readonly dead: DeadCallbacks) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Query() query: unknown): Promise<CallbackList> {
    const { state, limit = usualLimit, cursor } = parseQuery(callbackQuery, query);
    const status = state === 'disabled' ? 'endpoint-disabled' : state;
    const page = await this.dead.find(tenantOf(request), { limit, ...(status && { status }), ...(cursor !== undefined && { after: cursor }) });
    return { callbacks: page.callbacks.map(viewOf), ...(page.next !== undefined && { cursor: page.next }) };
  }
}

const viewOf = ({ run, status, at, origin, attempts, reason }: DeadCallback): CallbackList['callbacks'][number] => ({
  ingestionId: run,
  state: status === 'exhausted' ? 'exhausted' : 'disabled',
  origin,
  endedAt: new Date(at).toISOString(),
  attempts,
  reason,
});
