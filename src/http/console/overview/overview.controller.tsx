import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { layoutTexts } from '../layout/texts.js';

/** `/console/`: where somebody who has logged in begins. */
@ConsoleController('/console')
export class OverviewController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ t }) => {
      const title = t(layoutTexts).nav.overview;
      return { title, body: <h1>{title}</h1> };
    });
  }
}
