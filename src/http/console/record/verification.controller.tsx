import { Get, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PastVerificationsDto } from '../../administration/audit/audit-verifications.controller.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { VerificationPage } from './verification-page.js';
import { verificationTexts } from './verification.texts.js';

const path = '/console/record/verification';

/** `/console/record/verification`: the last verification of the record, and a button for the next. */
@ConsoleController(path)
export class VerificationController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, t }) => {
      const { items } = await api.get<PastVerificationsDto>('/v1/audit-verifications');
      return { title: t(verificationTexts).title, body: <VerificationPage last={items[0]} /> };
    });
  }

  @Post()
  async verify(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }) => {
      await api.post('/v1/audit-verifications');
      return { goTo: path };
    });
  }
}
