import { Controller, Get, Header } from '@nestjs/common';
import { asyncapi } from './asyncapi.js';
import { openapi } from './openapi.js';
import { page } from './page.js';

const openapiText = JSON.stringify(openapi());
const asyncapiText = JSON.stringify(asyncapi());
const pageText = page();

/** The reference, generated from the schemas that requests and answers are checked by. */
@Controller()
export class ReferenceController {
  @Get('v1/openapi.json')
  @Header('content-type', 'application/json')
  openapi(): string {
    return openapiText;
  }

  @Get('v1/asyncapi.json')
  @Header('content-type', 'application/json')
  asyncapi(): string {
    return asyncapiText;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
  page(): string {
    return pageText;
  }
}
