import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../routes.js';
import { OpenApi } from './openapi.js';
import { sendText } from './send-text.js';

/** `GET /openapi.json`: anybody may read it, for it says nothing of this installation. */
@Controller()
export class OpenApiController {
  constructor(@Inject(OpenApi) private readonly openApi: OpenApi) {}

  @Get(routes.openapi.paths[0])
  async read(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { json } = await this.openApi.read();
    sendText(request, reply, 'application/json; charset=utf-8', json);
  }
}
