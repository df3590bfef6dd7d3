import { Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SessionPageDto } from '../../administration/sessions/session.dto.js';
import { ConsoleController } from '../console-controller.js';
import { ConsolePages } from '../console-pages.js';
import { Pager } from '../components/pager.js';
import { doneAt, ownPath } from '../own-path.js';
import { SessionTable } from './session-table.js';
import { sessionsTexts } from './sessions.texts.js';

/** `/console/sessions`: who is logged in, and ending sessions. */
@ConsoleController('/console/sessions')
export class SessionPagesController {
  constructor(@Inject(ConsolePages) private readonly pages: ConsolePages) {}

  @Get()
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.pages.show(request, reply, async ({ api, url, t }) => {
      const texts = t(sessionsTexts);
      const user = url.searchParams.get('user') ?? undefined;
      const cursor = url.searchParams.get('cursor') ?? undefined;
      const { items, next } = await api.get<SessionPageDto>('/v1/sessions', { user, cursor });
      const title = user === undefined ? texts.title : texts.filtered(user);
      const body = (
        <>
          <div class="title-row">
            <h1>{title}</h1>
            {user !== undefined && <a href="/console/sessions">{texts.all}</a>}
          </div>
          <p class="muted">{texts.intro}</p>
          <SessionTable sessions={items} next={url.pathname + url.search} />
          <Pager next={next} />
        </>
      );
      return { title, body };
    });
  }

  @Post(':sessionId/end')
  async end(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('sessionId') sessionId: string,
  ): Promise<void> {
    await this.pages.submit(request, reply, async ({ api }, form) => {
      await api.delete(`/v1/sessions/${encodeURIComponent(sessionId)}`);
      return { goTo: doneAt(ownPath(form.text('next')), 'ended') };
    });
  }
}
