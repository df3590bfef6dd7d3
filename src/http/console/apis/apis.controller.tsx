import { Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiListDto } from '../../administration/apis/api.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { LateReads } from '../late-reads.js';
import { ApiList } from './api-list.js';
import { apiListTexts } from './api-list.texts.js';

/** `/console/apis`: the list of API roles. */
@ConsoleController('/console/apis')
export class ApisPageController {
  constructor(
    @Inject(ConsolePages) private readonly pages: ConsolePages,
    @Inject(LateReads) private readonly late: LateReads,
  ) {}

  /** Counting keys looks at each: with very many of them the list is shown first. */
  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, session, t, url }) => {
      const work = () => api.get<ApiListDto>('/v1/apis', { countKeys: 'true' });
      const key = `${session.sessionId} apis`;
      const isCounted = url.searchParams.has('counted');
      const counted = isCounted ? await this.late.take(key, work) : await this.late.soon(key, work);
      const { items } = counted ?? (await api.get<ApiListDto>('/v1/apis'));
      return {
        title: t(apiListTexts).title,
        body: <ApiList apis={items} isCounted={counted !== undefined} />,
      };
    });
  }
}
