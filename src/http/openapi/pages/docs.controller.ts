import { readFileSync } from 'node:fs';
import { Controller, Get, Inject, NotFoundException, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { routes } from '../../routes.js';
import { servedText, type ServedText } from '../openapi.js';
import { sendText } from '../send-text.js';
import { DocsPages } from './docs-pages.js';

/** No script, nothing from elsewhere, in no frame. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `/docs`: the OpenAPI document as pages that people read. */
@Controller()
export class DocsController {
  private style: ServedText | undefined;

  constructor(@Inject(DocsPages) private readonly pages: DocsPages) {}

  @Get(routes.docs.paths[0])
  readStart(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.send(request, reply, '');
  }

  @Get(routes.docsStyle.paths[0])
  readStyle(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.style ??= servedText(readFileSync(new URL('./style.css', import.meta.url), 'utf8'));
    sendText(request, reply, 'text/css; charset=utf-8', this.style);
  }

  @Get(routes.docsPage.paths[0])
  readPage(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('page') page: string,
  ): Promise<void> {
    return this.send(request, reply, page);
  }

  private async send(request: FastifyRequest, reply: FastifyReply, name: string): Promise<void> {
    const page = await this.pages.read(name);
    if (page === undefined) throw new NotFoundException('There is no such page');
    void reply.headers({
      'Content-Security-Policy': policy,
      'Referrer-Policy': 'no-referrer',
      'X-Frame-Options': 'DENY',
    });
    sendText(request, reply, 'text/html; charset=utf-8', page);
  }
}
