import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FindingListDto } from '../../administration/insight/insight.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { DoctorPage } from './doctor-page.js';
import { doctorTexts } from './doctor.texts.js';

/** `/console/doctor`: findings with advice. */
@ConsoleController('/console/doctor')
export class DoctorController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, t }) => {
      const findings = await api.get<FindingListDto>('/v1/findings');
      return { title: t(doctorTexts).title, body: <DoctorPage findings={findings} /> };
    });
  }
}
