import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { ErrorPage } from '../layout/error-page.js';
import { layoutTexts } from '../layout/texts.js';

/** Every other path of the console. */
@ConsoleController('/console')
export class NotFoundController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get('*')
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ t }) => ({
      title: t(layoutTexts).error[404],
      status: 404,
      body: <ErrorPage status={404} detail={undefined} requestId={request.id} />,
    }));
  }
}
