import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Req } from '@nestjs/common';
import { EndpointAdmin, endpointChange, type EndpointView } from '@millrace/webhooks';
import type { FastifyRequest } from 'fastify';
import { tenantOf } from '../tenant.js';
import { jsonBodyOf } from './json-body.js';
import { type EndpointList, type NewSecret, secretRotation } from './schemas.js';

/** What a tenant says of the endpoints that its callbacks go to. Secrets are told once, when they are made. */
@Controller('v1/endpoints')
export class EndpointsController {
  constructor(@Inject(EndpointAdmin) private readonly admin: EndpointAdmin) {}

  @Get()
  async list(@Req() request: FastifyRequest): Promise<EndpointList> {
    return { endpoints: await this.admin.list(tenantOf(request)) };
  }

  @Get(':origin')
  read(@Param('origin') origin: string, @Req() request: FastifyRequest): Promise<EndpointView> {
    return this.admin.get(tenantOf(request), origin);
  }

  /** Says all anew, secrets apart. */
  @Put(':origin')
  async change(@Param('origin') origin: string, @Req() request: FastifyRequest): Promise<EndpointView> {
    const settings = await jsonBodyOf(endpointChange, request);
    return this.admin.change(tenantOf(request), origin, () => settings);
  }

  @Delete(':origin')
  async remove(@Param('origin') origin: string, @Req() request: FastifyRequest): Promise<EndpointView> {
    const tenant = tenantOf(request);
    await this.admin.remove(tenant, origin);
    return this.admin.get(tenant, origin);
  }

  @Post(':origin/secret::rotate')
  @HttpCode(200)
  async rotate(@Param('origin') origin: string, @Req() request: FastifyRequest): Promise<NewSecret> {
    const rotation = await jsonBodyOf(secretRotation, request);
    return { origin, verifyWith: await this.admin.rotate(tenantOf(request), origin, rotation) };
  }
}
