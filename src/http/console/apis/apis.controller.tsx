import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { ApiList } from './api-list.js';
import { apiListTexts } from './api-list.texts.js';

/** `/console/apis`: the list of API roles. */
@ConsoleController('/console/apis')
export class ApisPageController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, t }) => {
      const { items } = await api.get<ApiListDto>('/v1/apis', { countKeys: 'true' });
      return { title: t(apiListTexts).title, body: <ApiList apis={items} /> };
    });
  }
}
